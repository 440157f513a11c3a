//! A link that a caller wants to begin.

use model::Id;
use model::content::Content;

/// A link that a caller wants to begin.
#[derive(Clone, Debug)]
pub struct LinkDraft {
    /// Channel type of the integration.
    pub kind: String,
    /// The channel integration.
    pub integration_id: Id,
    /// Phone number in E.164 form or mail address.
    pub address: String,
    /// Subject of a mail.
    pub subject: Option<String>,
    /// How the person consents.
    pub confirmation: Confirmation,
    /// What is sent to ask for consent. It enters no history.
    pub message: Option<Content>,
    /// Whether the client becomes the first one of the conversation.
    pub primary: bool,
    /// The conversation that goes on there.
    pub conversation_id: Id,
}

/// How the person on the channel consents to a link (sunshine-v2.md §4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// No consent is needed.
    Immediate,
    /// By answering on the channel.
    UserActivity,
    /// By accepting when asked.
    Prompt,
}

impl Confirmation {
    /// Its name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Confirmation::Immediate => "immediate",
            Confirmation::UserActivity => "userActivity",
            Confirmation::Prompt => "prompt",
        }
    }
}
