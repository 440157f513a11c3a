//! The things of the core as plain values, as the store keeps and the hub hands them out.

mod account;
mod agent;
mod conversation;
mod endpoint;
mod integration;
mod people;

pub use account::*;
pub use agent::*;
pub use conversation::*;
pub use endpoint::*;
pub use integration::*;
pub use people::*;

/// Declares the small integer keys that things have inside the store. No API ever shows one.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);)*
    };
}

keys! {
    /// Key of an account.
    AccountKey,
    /// Key of an app.
    AppKey,
    /// Key of an API key's row.
    CredentialKey,
    /// Key of an integration.
    IntegrationKey,
    /// Key of a subscription.
    SubscriptionKey,
    /// Key of an OAuth client.
    OAuthClientKey,
    /// Key of a switchboard.
    SwitchboardKey,
    /// Key of a person who answers.
    AgentKey,
    /// Key of a user.
    UserKey,
    /// Key of a client.
    ClientKey,
    /// Key of a device.
    DeviceKey,
    /// Key of a conversation.
    ConversationKey,
    /// Key of a participant.
    ParticipantKey,
    /// Key of a message; rises in the order in which messages are stored.
    MessageKey,
    /// Key of an attachment.
    AttachmentKey,
}
