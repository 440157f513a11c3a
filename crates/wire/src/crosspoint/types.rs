//! JSON types of our own routes. Lists of deliveries are paged as everywhere else.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sunshine::types::{Conversation, Event, Links, Meta, Trigger};

string_enum! {
    /// Whether a conversation goes on.
    pub enum ConversationStatus {
        New = "new",
        Open = "open",
        Closed = "closed",
    }
}

/// Reply of CloseConversation and ReopenConversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationStateResponse {
    /// The conversation with its state.
    pub conversation: ConversationState,
}

/// A conversation with its state (decision 23).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationState {
    /// Whether it goes on.
    pub status: ConversationStatus,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// The conversation as GetConversation shows it; its fields stand beside the state.
    #[serde(flatten)]
    pub conversation: Conversation,
}

/// Reply of PreviewMessage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewResponse {
    /// One for each channel and sender.
    pub previews: Vec<Preview>,
}

/// What a channel would make of a message (decision 48).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The integration type.
    pub channel: String,
    /// The sender that it is about, where the channel has several: `whatsapp` behind Twilio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// What the provider would be sent, in order: the bodies of the requests, without what proves who we
    /// are.
    pub requests: Vec<Value>,
    /// What could not be shown as it was meant.
    pub losses: Vec<PreviewLoss>,
    /// Why the channel would not send it at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A part of a message that a channel shows as something simpler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewLoss {
    /// The part, as a path: `content.items[0].mediaUrl`.
    pub part: String,
    /// What becomes of it.
    pub became: String,
}

string_enum! {
    /// What becomes of a delivery.
    pub enum DeliveryStatus {
        Waiting = "waiting",
        Dead = "dead",
        Replaying = "replaying",
    }
}

/// One event on its way to one webhook, as far as it failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// Whether it is tried again by itself, given up, or sent again by hand.
    pub status: DeliveryStatus,
    /// The webhook.
    pub webhook_id: String,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The event.
    pub event: EventRef,
    /// The conversation of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
    /// When it is tried next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
}

/// Names an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRef {
    /// Its id.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: Trigger,
    /// When it happened.
    pub created_at: String,
}

/// Reply of ReplayDelivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryResponse {
    /// The delivery, as it stands now.
    pub delivery: Delivery,
}

/// Reply of ListDeliveries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryListResponse {
    /// The deliveries of the page.
    pub deliveries: Vec<Delivery>,
    /// How the list goes on.
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}

/// A setting of an app (decision 46).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    /// Its name within the app; case-sensitive, up to 256 bytes.
    pub key: String,
    /// What it says, up to 16,384 bytes.
    pub value: String,
    /// When it was last written.
    pub updated_at: String,
}

/// Body of PutSetting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingBody {
    /// What the setting says from now on.
    pub value: String,
}

impl SettingBody {
    /// This value.
    pub fn new(value: impl Into<String>) -> SettingBody {
        SettingBody { value: value.into() }
    }
}

/// Reply of GetSetting and PutSetting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingResponse {
    /// The setting.
    pub setting: Setting,
}

/// Reply of ListSettings: all of them, by key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingListResponse {
    /// The settings.
    pub settings: Vec<Setting>,
}

/// Query of ListEvents (decision 47).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventQuery {
    /// Events that follow this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many at most, 1–100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Seconds to wait for an event when there is none, 0–30; 0 when absent. A key may have so many waiting
    /// calls as the server is set to (100); one more is refused with 429.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// Reply of ListEvents; generic over the form of the payloads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventListResponse<P = Value> {
    /// The events, as in a webhook's body, the oldest first.
    pub events: Vec<Event<P>>,
    /// How the list goes on; `afterCursor` is there even when nothing came.
    pub meta: Meta,
}
