//! What callers of the engine send, and reading what an activity says (hubster.md §2.5, §2.7, §2.8, §5.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::message::written;
use super::{Activity, ChannelType, IntegrationType, Message, WebhookBody};
use crate::body::{BodyError, from_value};
use crate::string_enum::string_enum;

/// Body of EngineEstablish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EstablishRequest {
    /// A customers' integration, a GUID.
    pub integration_id: String,
    /// The caller's key, which finds this customer again.
    pub binding: String,
    /// The integration's channel.
    pub channel_type: ChannelType,
    /// What the caller says about the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<CustomerProperties>,
}

impl EstablishRequest {
    /// A customer of a Direct integration.
    pub fn direct(integration_id: impl Into<String>, binding: impl Into<String>) -> EstablishRequest {
        EstablishRequest {
            integration_id: integration_id.into(),
            binding: binding.into(),
            channel_type: ChannelType::Direct,
            properties: None,
        }
    }
}

/// What a caller says about a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerProperties {
    /// Known are `device`, `full name`, `first name`, `last name`, `user name`, `gender`, `local`,
    /// `time zone`, `imageUrl`, `phone`, `address`, `email`; others are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<BTreeMap<String, String>>,
    /// The caller's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional: Option<BTreeMap<String, String>>,
    /// Further collections.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Query of EngineListActivities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityQuery {
    /// `Customer`, `Agent` or `Bot`: activities that are from or to such a side.
    #[serde(rename = "type")]
    pub side: IntegrationType,
    /// The `eventId` of the last activity that is known; only later ones come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leid: Option<i64>,
}

impl ActivityQuery {
    /// All activities from or to such a side.
    pub fn of(side: IntegrationType) -> ActivityQuery {
        ActivityQuery { side, leid: None }
    }
}

/// Body of EngineCustomerActivity and EngineBusinessActivity: a message or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityRequest {
    /// Which of both.
    #[serde(rename = "type")]
    pub kind: ActivityKind,
    /// The agent's or bot's integration; a customer needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// The caller's own id of it, given back wherever the activity appears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<DirectEvent>,
}

string_enum! {
    /// What an activity is.
    pub enum ActivityKind { Message = "message", Event = "event" }
}

/// Who sends an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sender {
    /// The integration, a GUID.
    pub integration_id: String,
}

impl ActivityRequest {
    /// A message of the customer, or with [`ActivityRequest::from_integration`] of an agent or bot.
    pub fn message(message: Message) -> ActivityRequest {
        let kind = ActivityKind::Message;
        ActivityRequest { kind, sender: None, external_id: None, message: Some(message), event: None }
    }

    /// An event of the customer, or with [`ActivityRequest::from_integration`] of an agent or bot.
    pub fn event(event: DirectEvent) -> ActivityRequest {
        let kind = ActivityKind::Event;
        ActivityRequest { kind, sender: None, external_id: None, message: None, event: Some(event) }
    }

    /// Sent by this agent's or bot's integration.
    #[must_use]
    pub fn from_integration(mut self, integration_id: impl Into<String>) -> ActivityRequest {
        self.sender = Some(Sender { integration_id: integration_id.into() });
        self
    }

    /// Under the caller's own id.
    #[must_use]
    pub fn external_id(mut self, id: impl Into<String>) -> ActivityRequest {
        self.external_id = Some(id.into());
        self
    }
}

/// Something that is no message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: DirectEventType,
    /// What the payload is, as `hubster.transfer`; with `payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_type: Option<String>,
    /// The payload, an object; with `payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Map<String, Value>>,
}

string_enum! {
    /// What happened.
    pub enum DirectEventType {
        Seen = "seen",
        TypingOn = "typing_on",
        TypingOff = "typing_off",
        Payload = "payload",
    }
}

impl DirectEvent {
    /// An event without a payload.
    pub fn plain(kind: DirectEventType) -> DirectEvent {
        DirectEvent { kind, payload_type: None, payload: None }
    }

    /// As it stands in JSON; what an [`Activity`] keeps.
    pub fn to_json(&self) -> Value {
        written(self)
    }

    /// An event with a payload of the caller's own kind.
    pub fn payload(kind: impl Into<String>, payload: Map<String, Value>) -> DirectEvent {
        let payload_type = Some(kind.into());
        DirectEvent { kind: DirectEventType::Payload, payload_type, payload: Some(payload) }
    }
}

/// The payload of the platform's own event that leads a customer to another page (hubster.md §5.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Where it leads.
    pub url: String,
    /// The text of the link.
    pub label: String,
    /// When the widget opens there again, milliseconds; below 0 never.
    pub mount: i64,
    /// Whether the customer is taken there without being asked.
    pub force: bool,
}

impl Transfer {
    /// The kind of its payload.
    pub const KIND: &'static str = "hubster.transfer";

    /// The event.
    pub fn event(&self) -> DirectEvent {
        let payload = match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        DirectEvent::payload(Transfer::KIND, payload)
    }
}

/// What an activity says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Said {
    /// A message.
    Message(Message),
    /// An event.
    Event(DirectEvent),
    /// Neither: of a kind that is not known here.
    Nothing,
}

impl Activity {
    /// What it says, read. The activity itself keeps message and event as they came, with all their
    /// members.
    ///
    /// # Errors
    /// [`BodyError`] when the message or event lacks what its type requires.
    pub fn said(&self) -> Result<Said, BodyError> {
        match (&self.message, &self.event) {
            (Some(message), _) => from_value(message).map(Said::Message),
            (None, Some(event)) => from_value(event).map(Said::Event),
            (None, None) => Ok(Said::Nothing),
        }
    }
}

impl WebhookBody {
    /// The activities of either kind of delivery.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.activities.iter().flatten().chain(&self.activity)
    }
}
