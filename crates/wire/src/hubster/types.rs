//! JSON of Hubster's API. Readers take names in the documented case; whoever reads requests compares
//! them without case (hubster.md §1).

mod activity;
mod command;
mod configuration;
mod error;
mod hub;
mod identity;
mod inbound;
mod integration;
mod kinds;
mod message;
mod request;

pub use super::numbered::Unlisted;
pub use activity::{
    Activity, Conversation, ConversationIntegration, DirectReply, EstablishedConversation, Party, Resource,
    WebhookBody,
};
pub use command::{CommandReceiver, CommandType, ResponseCommand, TransferCommand};
pub use configuration::{
    Capabilities, Configure, DirectConfiguration, LineConfiguration, MessengerConfiguration,
    SlackConfiguration, SystemConfiguration, TelegramConfiguration, TwilioConfiguration,
    WebChatConfiguration, capitalised,
};
pub use error::{ErrorEntry, ErrorEnvelope, OAuthError};
pub use hub::{Hub, NumberedPage};
pub use identity::{Client, ClientClaim, ClientSecret, TokenReply};
pub use inbound::{
    ActivityKind, ActivityQuery, ActivityRequest, CustomerProperties, DirectEvent, DirectEventType,
    EstablishRequest, Said, Sender, Transfer,
};
pub use integration::{Integration, NumberedKinds};
pub use kinds::{ChannelType, IntegrationType, status};
pub use message::{
    Action, Attachment, Button, Card, Carousel, ChannelMetadata, CommandAnswer, Contact, Image, Link, List,
    ListItem, Location, Medium, Message, Property, Text, UrlType,
};
pub use request::{
    ClientSecretCreate, Discovery, HubCreate, HubUpdate, IntegrationCreate, IntegrationQuery,
    IntegrationUpdate, KeySet, ResponseCommandCreate, ResponseCommandUpdate, TokenForm,
    TransferCommandCreate, TransferCommandUpdate, WebKey,
};
