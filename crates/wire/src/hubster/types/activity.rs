//! Activities and what is delivered around them (hubster.md §2.5–2.8, §5.1, §7.2).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChannelType, IntegrationType};

/// The envelope around one message or one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// Its conversation, a GUID. Only activities that are pushed over the events hub have it, and only from
    /// servers that say it: whoever hears several conversations could not tell them apart otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// `message` or `event`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `<type>:<the sender's integration type in lower case>`.
    pub event_trigger: String,
    /// When it arose, Unix milliseconds; rises strictly in a conversation.
    pub event_id: i64,
    /// The sender's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whether the receiver sent it.
    pub is_echo: bool,
    /// The message's id, a GUID; messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction_id: Option<String>,
    /// `Default`, or `AutoReplay` for what the platform answers by itself.
    pub flow_process: String,
    /// Who sends.
    pub sender: Party,
    /// Who receives.
    pub recipient: Party,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Value>,
    /// The event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
}

impl Activity {
    /// The `flow_process` of what somebody says.
    pub const DEFAULT: &'static str = "Default";
    /// The `flow_process` of what the platform answers by itself; spelt as the vendor does.
    pub const AUTO_REPLAY: &'static str = "AutoReplay";
}

/// A side of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The integration, a GUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// Who speaks through it.
    pub integration_type: IntegrationType,
    /// How it is reached.
    pub channel_type: ChannelType,
    /// Names the side of the conversation; opaque.
    pub token_id: String,
}

/// A conversation that was established.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EstablishedConversation {
    /// The tenant, a GUID.
    pub tenant_id: String,
    /// The hub, a GUID.
    pub hub_id: String,
    /// The customer's integration, a GUID.
    pub integration_id: String,
    /// Its id, a GUID.
    pub conversation_id: String,
    /// Names the customer's side; opaque.
    pub token_id: String,
    /// When it began, ISO 8601.
    pub opened_date_time: String,
    /// When it was closed, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_date_time: Option<String>,
    /// Whether it has just begun; only where it was established.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_new: Option<bool>,
    /// What the caller said about the customer.
    pub properties: Map<String, Value>,
}

/// A conversation with its integration and hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Its id, a GUID.
    pub conversation_id: String,
    /// The customer's integration, a GUID.
    pub integration_id: String,
    /// Names the customer's side; opaque.
    pub token_id: String,
    /// The customer's integration.
    pub integration: ConversationIntegration,
    /// What the caller said about the customer.
    pub properties: Map<String, Value>,
    /// When it began: ISO 8601 without a zone.
    pub opened_date_time: String,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_date_time: Option<String>,
}

/// An integration as a conversation shows it; readers of it take no configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationIntegration {
    /// Its id, a GUID.
    pub integration_id: String,
    /// Its hub, a GUID.
    pub hub_id: String,
    /// Its hub.
    pub hub: super::Hub,
    /// Who speaks through it.
    pub integration_type_id: IntegrationType,
    /// How it is reached.
    pub channel_id: ChannelType,
    /// Unique in its hub.
    pub name: String,
    /// See [`super::status`].
    pub status_id: i64,
    /// When it was made: ISO 8601 without a zone.
    pub created: String,
    /// When it was last changed: ISO 8601 without a zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

/// The answer to an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectReply {
    /// 200.
    pub status: u16,
    /// When the activity arose, Unix milliseconds.
    pub event_id: i64,
    /// The sender's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The hub, a GUID.
    pub hub_id: String,
    /// The conversation, a GUID.
    pub conversation_id: String,
    /// The sender's integration, a GUID.
    pub integration_id: String,
    /// The message's id, a GUID; messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction_id: Option<String>,
}

/// A file that was uploaded, to be shown by an image, a video, an audio or an attachment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Where it is.
    pub url: String,
    /// Its MIME type.
    pub mime_type: String,
    /// Its name.
    pub label: String,
    /// Bytes.
    pub size: i64,
}

/// The body of a webhook: `activities` for System, `activity` for Direct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookBody {
    /// The hub, a GUID.
    pub hub_id: String,
    /// The tenant, a GUID.
    pub tenant_id: String,
    /// The receiving integration, a GUID.
    pub integration_id: String,
    /// The conversation, a GUID.
    pub conversation_id: String,
    /// What is known about the customer.
    pub conversation_properties: Map<String, Value>,
    /// Exactly one, for System.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activities: Option<Vec<Activity>>,
    /// For Direct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
}
