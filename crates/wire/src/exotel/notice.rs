//! What the addresses in an app's settings are sent.

use serde::{Deserialize, Serialize};

/// A notice. Its names are those of calls; [`Notice::kind`] says that it is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Notice {
    /// `message`: what is told concerns a message or a conversation of messages.
    pub kind: String,
    /// Whose the app is.
    pub customer_id: String,
    /// The app.
    pub app_id: String,
    /// The message; of a notice about a conversation, the conversation.
    pub call_sid: String,
    /// The app's account at the carrier; empty when it has none.
    pub exotel_account_sid: String,
    /// Always empty: nobody's telephone rings.
    pub dial_whom_number: String,
    /// The agent or bot in control; empty when there is none.
    #[serde(rename = "AppUserID")]
    pub app_user_id: String,
    /// How the business is reached on the channel.
    pub virtual_number: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// What has happened.
    pub call_status: String,
    /// `terminal` when nothing more follows, otherwise `active`.
    pub call_state: String,
    /// Who is written to.
    pub to_number: String,
    /// Who writes.
    pub from_number: String,
    /// Always 0.
    pub total_duration: i64,
    /// Always empty.
    pub call_recordings: String,
    /// The carrier's region; empty when the app has no account there.
    pub account_domain: String,
    /// The conversation.
    pub ticket_id: String,
    /// Why it failed; empty when it did not.
    pub call_detail: String,
    /// When the message was written, or the customer opened the conversation.
    pub start_time: String,
    /// When it was over; empty while it is not.
    pub end_time: String,
    /// As `StartTime`.
    pub created_at: String,
    /// When it happened.
    pub updated_at: String,
}
