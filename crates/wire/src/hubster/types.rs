//! JSON of Hubster's API. Readers take names in the documented case; whoever reads requests compares
//! them without case (hubster.md §1).

mod activity;
mod command;
mod error;
mod hub;
mod identity;
mod integration;
mod kinds;

pub use activity::{
    Activity, Conversation, ConversationIntegration, DirectReply, EstablishedConversation, Party, Resource,
    WebhookBody,
};
pub use command::{CommandReceiver, CommandType, ResponseCommand, TransferCommand};
pub use error::{ErrorEntry, ErrorEnvelope, OAuthError};
pub use hub::{Hub, NumberedPage};
pub use identity::{Client, ClientClaim, ClientSecret, TokenReply};
pub use integration::{Integration, NumberedKinds};
pub use kinds::{ChannelType, IntegrationType, status};
