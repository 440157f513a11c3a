//! Conversations (sunshine-v2.md §5).

use crate::patch::Patch;
use crate::secret::Secret;
use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Metadata;
use super::page::{Links, Meta};
use super::participant::ParticipantSpec;
use super::switchboard::SwitchboardIntegrationSummary;

string_enum! {
    /// The kind of a conversation.
    pub enum ConversationType {
        Personal = "personal",
        SdkGroup = "sdkGroup",
    }
}

/// The short form of a conversation in events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationTruncated {
    /// Its id.
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ConversationType,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Who is in control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_switchboard_integration: Option<SwitchboardIntegrationSummary>,
    /// Who was offered control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_switchboard_integration: Option<SwitchboardIntegrationSummary>,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ConversationType,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Who is in control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_switchboard_integration: Option<SwitchboardIntegrationSummary>,
    /// Who was offered control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_switchboard_integration: Option<SwitchboardIntegrationSummary>,
    /// Whether it is the user's first personal one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Its name, 1–100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// 1–100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Address of a picture, 1–2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// When the business last read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_last_read: Option<String>,
    /// When the last message came, or when it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_at: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
}

/// Body of CreateConversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationCreateBody {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ConversationType,
    /// One for a personal conversation, up to 10 for a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<ParticipantSpec>>,
    /// Its name, 1–100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// 1–100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Address of a picture, 1–2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Body of UpdateConversation; null clears.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationUpdateBody {
    /// Its name, 1–100 characters.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub display_name: Patch<String>,
    /// 1–100 characters.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub description: Patch<String>,
    /// Address of a picture, 1–2048 characters.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub icon_url: Patch<String>,
    /// Merged per key; a null removes its key.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub metadata: Patch<Metadata>,
}

/// Reply with one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationResponse {
    /// The conversation.
    pub conversation: Conversation,
}

/// Reply of ListConversations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationListResponse {
    /// The conversations of the page.
    pub conversations: Vec<Conversation>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}

/// Body of DownloadMessageRef. The reply is whatever the channel answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadMessageRefBody {
    /// The user's id.
    pub user_id: String,
    /// What to fetch on Apple's channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple: Option<AppleMessageRef>,
}

/// A reference in a message of Apple's channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppleMessageRef {
    /// Where the data is and how it is sealed.
    pub interactive_data_ref: InteractiveDataRef,
}

/// Sealed data on Apple's side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InteractiveDataRef {
    /// Its address.
    pub url: String,
    /// The extension's id.
    pub bid: String,
    /// The key that opens it.
    pub key: Secret,
    /// Its signature.
    pub signature: String,
    /// Its owner.
    pub owner: String,
}

/// Body of PostConversionEvents: exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversionEventsBody {
    /// Events for Messenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messenger: Option<MetaConversionEvent>,
    /// Events for Instagram.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instagram: Option<MetaConversionEvent>,
    /// Events for WhatsApp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp: Option<MetaConversionEvent>,
}

/// Conversion events for one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetaConversionEvent {
    /// What is handed on.
    pub payload: ConversionPayload,
}

/// The events in the channel's own form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversionPayload {
    /// One object an event.
    pub data: Vec<Map<String, Value>>,
    /// Whatever else the channel takes beside them, for example Meta's `test_event_code`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Reply of PostConversionEvents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversionEventsResponse {
    /// What the channel took.
    pub conversion_events: ConversionEvents,
}

/// What a channel took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversionEvents {
    /// The channel's data set; a string, though an example shows a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<String>,
    /// How many events it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_received: Option<u64>,
}
