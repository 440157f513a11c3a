//! A link that a caller wants to begin.

use model::Id;
use model::content::Content;
use model::record::Confirmation;

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
