//! The limits of the core, named, unit last. They are Sunshine's (decision 22); what a channel
//! brings beyond them is cut or split before it gets here.

/// Characters of a text, rich text or caption.
pub const TEXT_CHARS_MAX: usize = 4_096;
/// Characters of a name, given name or surname.
pub const NAME_CHARS_MAX: usize = 100;
/// Characters of the words for those who cannot see a medium.
pub const ALT_TEXT_CHARS_MAX: usize = 128;
/// Characters of a file's name.
pub const FILE_NAME_CHARS_MAX: usize = 128;
/// Bytes of a medium that a customer sends.
pub const INBOUND_MEDIUM_BYTES_MAX: usize = 50 * 1024 * 1024;
/// How long the events of a conversation wait for a medium that is being fetched.
pub const MEDIUM_WAIT_MS: i64 = 20 * 1_000;
/// A provider's redelivery is recognised for this time.
pub const INBOUND_SEEN_LIFE_MS: i64 = 14 * crate::time::DAY_MS;
/// A receipt, edit or reaction finds its message for this time.
pub const EXTERNAL_MESSAGE_LIFE_MS: i64 = 60 * crate::time::DAY_MS;
/// Messages in one conversation; one more is refused as locked.
pub const CONVERSATION_MESSAGES_MAX: i64 = 30_000;
/// Participants of a group conversation.
pub const GROUP_PARTICIPANTS_MAX: i64 = 1_000;
/// API keys of one app or of one custom integration.
pub const OWNER_KEYS_MAX: i64 = 10;
/// Settings of one app.
pub const APP_SETTINGS_MAX: usize = 1_000;
/// Bytes of a setting's key.
pub const SETTING_KEY_BYTES_MAX: usize = 256;
/// Bytes of a setting's value.
pub const SETTING_VALUE_BYTES_MAX: usize = 16 * 1024;
/// People who answer, of one app.
pub const APP_AGENTS_MAX: usize = 10_000;
/// People who answer that are added or removed at once.
pub const AGENTS_AT_ONCE_MAX: usize = SWEEP_SLICE_ROWS_MAX;
/// Bytes of each text of a person who answers.
pub const AGENT_TEXT_BYTES_MAX: usize = 256;
/// Messages of the business that one reading of the customer is told for, the newest.
pub const READ_MESSAGES_TOLD_MAX: usize = 100;
/// Messages behind an opening that are looked at for an answer, the newest.
pub const ANSWER_LOOK_MESSAGES_MAX: usize = 1_000;
/// Webhooks of one app in the listed form.
pub const APP_WEBHOOKS_MAX: i64 = 10;
/// Switchboard integrations of one switchboard.
pub const SWITCHBOARD_MEMBERS_MAX: usize = 10;
/// Secrets of one client of an account.
pub const CLIENT_TOKENS_MAX: usize = 100;
/// Rows of a list that is read as a whole and shown in numbered pages.
pub const NUMBERED_LIST_ROWS_MAX: usize = 10_000;
/// Canned replies, and transfer links, of one app.
pub const PREPARED_MAX: usize = 1_000;
/// An access token is good for this time.
pub const ACCESS_TOKEN_LIFE_MS: i64 = 30 * crate::time::DAY_MS;
/// A key that signs access tokens is used for this time; it verifies them until they have ended.
pub const TOKEN_KEY_USE_MS: i64 = 30 * crate::time::DAY_MS;
/// Messages of one page of a conversation.
pub const MESSAGES_PAGE_MAX: usize = 100;
/// A link that was not completed ends after this time.
pub const LINK_LIFE_MS: i64 = 24 * crate::time::HOUR_MS;
/// An upload bound to a message that no message uses is removed after this time.
pub const UNUSED_UPLOAD_LIFE_MS: i64 = 24 * crate::time::HOUR_MS;
/// A file of an attachment that no row names is removed after this time.
pub const ORPHAN_LIFE_MS: i64 = 24 * crate::time::HOUR_MS;
/// Files that no row names are looked for this often.
pub const ORPHAN_LOOK_EVERY_MS: i64 = 6 * crate::time::HOUR_MS;
/// An idempotency key is remembered for this time.
pub const IDEMPOTENCY_LIFE_MS: i64 = 24 * crate::time::HOUR_MS;
/// Pause before another attempt at most, as the store is read: what is due later was written while the clock
/// was ahead.
pub const ATTEMPT_PAUSE_MAX_MS: i64 = crate::time::HOUR_MS;
/// An authorization code is good for this time, once.
pub const OAUTH_CODE_LIFE_MS: i64 = 10 * 60 * 1_000;
/// Rows that one slice of the sweeper removes at most.
pub const SWEEP_SLICE_ROWS_MAX: usize = 500;

const _: () = assert!(MESSAGES_PAGE_MAX <= SWEEP_SLICE_ROWS_MAX);
