//! The vendor's limits in one place (sunshine-v2.md §11 and the schemas); names end in their unit.
//!
//! Characters are Unicode scalar values, bytes those of the compact JSON (§13, row 18).

/// JSON body of any operation.
pub const JSON_BODY_BYTES_MAX: u64 = crate::operation::JSON_BODY_BYTES_MAX;
/// Uploaded file.
pub const UPLOAD_BODY_BYTES_MAX: u64 = crate::operation::UPLOAD_BODY_BYTES_MAX;
/// Nesting of a JSON body.
pub const JSON_LEVELS_MAX: usize = 64;

/// Records of a page when nothing is said.
pub const PAGE_SIZE_DEFAULT: u32 = 25;
/// Fewest records of a page.
pub const PAGE_SIZE_MIN: u32 = 1;
/// Most records of a page.
pub const PAGE_SIZE_MAX: u32 = 100;
/// Messages of a page, always.
pub const PAGE_SIZE_MESSAGES: u32 = 100;
/// A cursor, exactly.
pub const CURSOR_CHARS: usize = 24;

/// Each metadata object, keys and values counted.
pub const METADATA_BYTES_MAX: usize = 4_096;
/// Names of apps, conversations, integrations and keys; at least one character.
pub const DISPLAY_NAME_CHARS_MAX: usize = 100;
/// Every address: icons, avatars, media of items, references.
pub const URL_CHARS_MAX: usize = 2_048;

/// A user's external id.
pub const EXTERNAL_ID_CHARS_MAX: usize = 1_024;
/// A user's brand.
pub const BRAND_ID_CHARS_MAX: usize = 24;
/// Given name and surname.
pub const PROFILE_NAME_CHARS_MAX: usize = 128;
/// E-mail address of a profile or of a form's answer.
pub const EMAIL_CHARS_MAX: usize = 128;
/// A user's language.
pub const LOCALE_CHARS_MAX: usize = 64;
/// Value of an identity.
pub const IDENTITY_VALUE_CHARS_MAX: usize = 128;

/// Description of a conversation; at least one character.
pub const CONVERSATION_DESCRIPTION_CHARS_MAX: usize = 100;
/// Participants named at creation.
pub const PARTICIPANTS_AT_CREATION_COUNT_MAX: usize = 10;
/// Participants of a group in total; our number.
pub const PARTICIPANTS_COUNT_MAX: usize = 1_000;
/// Messages of a conversation; one more is 423.
pub const MESSAGES_COUNT_MAX: u64 = 30_000;

/// `text`, `htmlText` and `markdownText`, each.
pub const TEXT_CHARS_MAX: usize = 4_096;
/// `altText`.
pub const ALT_TEXT_CHARS_MAX: usize = 128;
/// `mediaType`.
pub const MEDIA_TYPE_CHARS_MAX: usize = 128;
/// Items of a carousel or list; at least one.
pub const ITEMS_COUNT_MAX: usize = 10;
/// Title of an item; at least one character.
pub const ITEM_TITLE_CHARS_MAX: usize = 128;
/// Description of an item.
pub const ITEM_DESCRIPTION_CHARS_MAX: usize = 128;
/// Buttons of an item; at least one.
pub const ITEM_ACTIONS_COUNT_MAX: usize = 3;
/// Buttons below a list; at least one.
pub const LIST_ACTIONS_COUNT_MAX: usize = 10;
/// Buttons of a text or picture; our number.
pub const ACTIONS_COUNT_MAX: usize = 25;
/// Fields of a form or form response; at least one.
pub const FORM_FIELDS_COUNT_MAX: usize = 20;
/// Options of a field.
pub const FORM_OPTIONS_COUNT_MAX: usize = 200;
/// Name, label and placeholder of a field, name and label of an option; at least one character.
pub const FORM_LABEL_CHARS_MAX: usize = 128;
/// A text answer; also the greatest `minSize` and `maxSize`.
pub const FORM_TEXT_CHARS_MAX: usize = 256;
/// `minSize` when absent, and its least value.
pub const FORM_TEXT_CHARS_MIN_DEFAULT: u32 = 1;
/// `maxSize` when absent.
pub const FORM_TEXT_CHARS_MAX_DEFAULT: u32 = 128;
/// References of a message.
pub const REFERENCES_COUNT_MAX: usize = 10;
/// Title of a reference; at least one character.
pub const REFERENCE_TITLE_CHARS_MAX: usize = 128;
/// Description of a reference; at least one character.
pub const REFERENCE_DESCRIPTION_CHARS_MAX: usize = 256;
/// `subtypes` of an author, exactly.
pub const AUTHOR_SUBTYPES_COUNT: usize = 1;

/// Name of a switchboard integration.
pub const SWITCHBOARD_NAME_CHARS_MAX: usize = 128;
/// Integrations of a switchboard.
pub const SWITCHBOARD_INTEGRATIONS_COUNT_MAX: usize = 10;
/// Messages in a hand-over; at least one.
pub const MESSAGE_HISTORY_COUNT_MAX: u32 = 10;
/// Webhooks of an app.
pub const WEBHOOKS_COUNT_MAX: usize = 10;
/// Webhooks that a custom integration brings at its creation, exactly.
pub const CUSTOM_WEBHOOKS_COUNT: usize = 1;
/// Keys of an app, and of a custom integration.
pub const KEYS_COUNT_MAX: usize = 10;

/// Time for the answer of a webhook.
pub const WEBHOOK_ANSWER_SECONDS_MAX: u64 = 20;
/// Attempts of a delivery.
pub const WEBHOOK_ATTEMPTS_COUNT_MAX: u32 = 5;
