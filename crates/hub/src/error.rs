//! How a command or query can fail. Each dialect turns these kinds into its vendor's form.

use model::{ErrorCode, Id};
use store::StoreError;

/// Result of the hub.
pub type Result<T, E = HubError> = std::result::Result<T, E>;

/// A thing that was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Thing {
    Account,
    App,
    Key,
    Integration,
    Webhook,
    User,
    Client,
    Device,
    Conversation,
    Participant,
    Message,
    Attachment,
    Switchboard,
    SwitchboardIntegration,
    Delivery,
    OAuthClient,
    Setting,
    CannedReply,
    TransferLink,
    Agent,
    Property,
}

impl Thing {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Thing::Account => "account",
            Thing::App => "app",
            Thing::Key => "key",
            Thing::Integration => "integration",
            Thing::Webhook => "webhook",
            Thing::User => "user",
            Thing::Client => "client",
            Thing::Device => "device",
            Thing::Conversation => "conversation",
            Thing::Participant => "participant",
            Thing::Message => "message",
            Thing::Attachment => "attachment",
            Thing::Switchboard => "switchboard",
            Thing::SwitchboardIntegration => "switchboard integration",
            Thing::Delivery => "delivery",
            Thing::OAuthClient => "OAuth client",
            Thing::Setting => "setting",
            Thing::CannedReply => "canned reply",
            Thing::TransferLink => "transfer link",
            Thing::Agent => "agent",
            Thing::Property => "property value",
        }
    }
}

/// Why the hub did not do what it was asked. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// A value is not acceptable; the text names it.
    #[error("{0}")]
    Invalid(String),
    /// It does not exist, or not for this caller.
    #[error("{} not found", .0.word())]
    NotFound(Thing),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// The name is to be unique, and another one has it.
    #[error("another {} has this name", .0.word())]
    NameTaken(Thing),
    /// The account at the provider is held by another integration.
    #[error("this account of the provider is connected as {}", .holder.map_or("another integration".to_owned(), |id| format!("integration {id}")))]
    AccountTaken {
        /// Which one, where the caller may know.
        holder: Option<Id>,
    },
    /// The integration, or its whole app, is paused.
    #[error("the integration is paused")]
    Paused,
    /// The app has nobody who answers.
    #[error("nobody answers: the app has neither an agent nor a bot")]
    NobodyAnswers,
    /// The customer hears nothing more: the conversation is closed, or they do not want to hear from us.
    #[error("the customer no longer responds: the conversation is closed, or they have unsubscribed")]
    Closed,
    /// The integration through which the customer speaks is deleted.
    #[error("the integration is terminated")]
    Terminated,
    /// Control of a conversation was to go to who hands it over.
    #[error("nobody hands over to itself; who wants control takes it")]
    OwnTarget,
    /// There are as many as there may be.
    #[error("no more than {max} {}s are allowed", .thing.word())]
    TooMany {
        /// Of what.
        thing: Thing,
        /// The limit.
        max: i64,
    },
    /// The conversation holds as many messages as it may.
    #[error("the conversation holds {max} messages; delete some before you add more")]
    Full {
        /// The limit.
        max: i64,
    },
    /// The switchboard refused an action; the code is stable.
    #[error("{message}")]
    Switchboard {
        /// Stable code.
        code: ErrorCode,
        /// For people.
        message: String,
    },
    /// The same request was made before under this idempotency key; nothing was changed again.
    #[error("the request was made before")]
    Repeated {
        /// What names the first result: a public id, or nothing.
        result: String,
    },
    /// The file of an attachment is still being fetched from the customer's channel; try again shortly.
    #[error("the file is still being fetched; try again shortly")]
    Coming,
    /// Too much to do at this moment; try again shortly.
    #[error("the server is busy; try again shortly")]
    Busy,
    /// A fault of ours or of the machine.
    #[error("internal error")]
    Internal(#[source] StoreError),
}

impl From<StoreError> for HubError {
    fn from(error: StoreError) -> HubError {
        match error {
            StoreError::Busy | StoreError::Away(_) => HubError::Busy,
            other => HubError::Internal(other),
        }
    }
}

impl HubError {
    /// A value is not acceptable.
    pub fn invalid(text: impl Into<String>) -> HubError {
        HubError::Invalid(text.into())
    }

    /// Whether stored data are damaged: asking again meets the same.
    pub fn is_damage(&self) -> bool {
        matches!(self, HubError::Internal(StoreError::Damaged(_)))
    }
}

/// Turns "there is none" into "not found".
pub(crate) trait OrNotFound<T> {
    /// The value, or [`HubError::NotFound`].
    fn or_not_found(self, thing: Thing) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, thing: Thing) -> Result<T> {
        self.ok_or(HubError::NotFound(thing))
    }
}
