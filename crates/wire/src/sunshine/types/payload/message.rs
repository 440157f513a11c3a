//! Events of messages and their deliveries.

use serde::{Deserialize, Serialize};

use super::super::Metadata;
use super::super::content::Content;
use super::super::conversation::ConversationTruncated;
use super::super::message::{AuthorSubtype, AuthorType, MessageActivity, QuotedMessage, Reference, Source};
use super::super::user::UserView;

/// A message came; generic over its form, as [`MessageOut`](crate::sunshine::types::MessageOut).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagePayload<M = MessageWebhook> {
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// The message.
    pub message: M,
    /// Messages of the original's notification calls; never sent by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent_notifications: Option<Vec<M>>,
}

/// A message went to a channel, or did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryPayload {
    /// The user.
    pub user: UserView,
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// The message.
    pub message: MessageRef,
    /// The channel.
    pub destination: DeliveryDestination,
    /// The channel's own ids of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_messages: Option<Vec<MessageRef>>,
    /// Whether it is the last such event of message and destination.
    pub is_final_event: bool,
    /// Why it failed; only in failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<EventError>,
}

/// Names a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageRef {
    /// Its id.
    pub id: String,
}

/// The channel that a message went to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDestination {
    /// The channel's or platform's name; never `sdk`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
}

/// Why something failed; not the form of HTTP refusals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventError {
    /// A short name.
    pub code: String,
    /// A sentence for humans.
    pub message: String,
}

/// Who wrote a message or did something, in events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorWebhook {
    /// Which side.
    #[serde(rename = "type")]
    pub kind: AuthorType,
    /// Exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtypes: Option<Vec<AuthorSubtype>>,
    /// The user; only of type `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The user; only of type `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    /// The name shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// A message in events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageWebhook {
    /// Its id.
    pub id: String,
    /// When it came.
    pub received: String,
    /// Who wrote it.
    pub author: AuthorWebhook,
    /// The event that made it, for messages of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<MessageActivity>,
    /// What it says.
    pub content: Content,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_message: Option<QuotedMessage>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// True for the placeholder of a deleted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Reference>>,
}
