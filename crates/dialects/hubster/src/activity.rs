//! Messages and events as activities (hubster.md §5.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub::outbox::EventView;
use hub::{Entry, Exchange, Listed};
use model::Id;
use model::event::{ActivityKind, EventType, SignalReceiver};
use model::record::{Integration, Message, Role};
use serde_json::{Map, Value, json};
use wire::hubster::types::{
    Activity, ChannelType, DirectEvent, DirectEventType, IntegrationType, Message as Said, Party,
};

use crate::message;

/// Bytes of a customer's token.
const TOKEN_BYTES: usize = 16;

/// The name of the customer's side of a conversation: the conversation's id, filled up.
pub(crate) fn customer_token(conversation: Id) -> String {
    let mut bytes = [0; TOKEN_BYTES];
    let id = conversation.as_bytes();
    bytes[..id.len()].copy_from_slice(id);
    STANDARD.encode(bytes)
}

/// A channel type of the core in this API's word.
pub(crate) fn channel_of_kind(kind: &str) -> ChannelType {
    match kind {
        "twilio" => ChannelType::TwilioSMS,
        "messenger" => ChannelType::Messenger,
        "telegram" => ChannelType::Telegram,
        "line" => ChannelType::Line,
        Integration::WEB => ChannelType::WebChat,
        Integration::CUSTOM => ChannelType::Bot,
        other => ChannelType::Unknown(other.into()),
    }
}

/// Who speaks, in this API's word.
pub(crate) fn type_of(role: Role) -> IntegrationType {
    match role {
        Role::Customer => IntegrationType::Customer,
        Role::Agent => IntegrationType::Agent,
        Role::Bot => IntegrationType::Bot,
        Role::Listener => IntegrationType::System,
    }
}

/// The customer's side, on an integration.
fn customer_on(exchange: &Exchange, integration: Option<Id>) -> Party {
    let client = integration.and_then(|id| exchange.customer_on(id));
    let surface =
        integration.and_then(|id| exchange.endpoints.get(&id)).map(|endpoint| endpoint.surface.as_str());
    let kind = client.map_or(Integration::WEB, |client| client.kind.as_str());
    Party {
        integration_id: integration.map(|id| id.to_guid()),
        integration_type: IntegrationType::Customer,
        channel_type: surface.map_or_else(|| channel_of_kind(kind), ChannelType::from),
        token_id: customer_token(exchange.conversation_id),
    }
}

/// The customer's side, for whom something is: where it is told to a customer's integration, on that one.
fn customer(exchange: &Exchange, receiver: Option<Id>) -> Party {
    let own = receiver.and_then(|id| exchange.customer_on(id));
    customer_on(exchange, own.or(exchange.customer()).and_then(|client| client.integration_id))
}

/// The side of an agent or bot; without an integration it is the platform's.
fn business(exchange: &Exchange, id: Option<Id>) -> Party {
    let conversation = exchange.conversation_id.to_guid();
    let Some(id) = id else {
        return Party {
            integration_id: None,
            integration_type: IntegrationType::Hubster,
            channel_type: ChannelType::Hubster,
            token_id: conversation,
        };
    };
    let endpoint = exchange.endpoints.get(&id);
    Party {
        integration_id: Some(id.to_guid()),
        integration_type: endpoint.map_or(IntegrationType::Bot, |endpoint| type_of(endpoint.role)),
        channel_type: endpoint
            .map_or(ChannelType::Bot, |endpoint| ChannelType::from(endpoint.surface.as_str())),
        token_id: format!("{conversation}.{}", id.to_guid()),
    }
}

/// A message as an activity. A customer's is for `responder`. `receiver` is the integration that it is told
/// to; what that sent itself is an echo.
pub(crate) fn activity(
    exchange: &Exchange,
    message: &Message,
    (responder, receiver): (Option<Id>, Option<Id>),
    public_url: &str,
) -> Activity {
    let writer = exchange.writer_of(message);
    let by_customer = matches!(writer, Some((Role::Customer, _)));
    let (sender, recipient) = match by_customer {
        true => (customer_on(exchange, writer.and_then(|(_, id)| id)), business(exchange, responder)),
        false => (business(exchange, writer.and_then(|(_, id)| id)), customer(exchange, receiver)),
    };
    let is_echo = is_echo(exchange, writer, receiver);
    Activity {
        conversation_id: None,
        kind: "message".to_owned(),
        event_trigger: format!("message:{}", sender.integration_type.as_str().to_ascii_lowercase()),
        event_id: message.received.0,
        external_id: message.extra.external_id.clone(),
        is_echo,
        interaction_id: Some(message.id.to_guid()),
        // Greetings are the business's own words, said at the beginning (§4.4).
        flow_process: Activity::DEFAULT.to_owned(),
        sender,
        recipient,
        message: Some(message::shown(message, public_url)),
        event: None,
    }
}

/// Whether the receiver has said or done it; what a customer does on one channel is their own on another.
fn is_echo(exchange: &Exchange, writer: Option<(Role, Option<Id>)>, receiver: Option<Id>) -> bool {
    let Some(receiver) = receiver else { return false };
    match writer {
        Some((Role::Customer, _)) => exchange.customer_on(receiver).is_some(),
        other => other.and_then(|(_, id)| id) == Some(receiver),
    }
}

/// An entry of the list of activities, which is nobody's in particular.
pub(crate) fn listed(exchange: &Exchange, entry: &Entry, public_url: &str) -> Activity {
    let press = match &entry.listed {
        Listed::Message(message) => {
            return activity(exchange, message, (entry.responder, None), public_url);
        }
        Listed::Press(press) => press,
    };
    let sender = customer(exchange, None);
    Activity {
        conversation_id: None,
        kind: "message".to_owned(),
        event_trigger: format!("message:{}", sender.integration_type.as_str().to_ascii_lowercase()),
        event_id: press.at.0,
        external_id: None,
        is_echo: false,
        interaction_id: Some(press.id.to_guid()),
        flow_process: Activity::DEFAULT.to_owned(),
        sender,
        recipient: business(exchange, entry.responder),
        message: Some(pressed(&press.payload)),
        event: None,
    }
}

/// A pressed button comes back as a text that is its payload (§5.3).
fn pressed(payload: &str) -> Value {
    Said::text(payload).to_json()
}

/// An event of the core as an activity for a receiver; `None` for what this API has no word for.
pub(crate) fn of_event(event: &EventView, receiver: Option<Id>, public_url: &str) -> Option<Activity> {
    let exchange = event.exchange.as_ref()?;
    let (by, to) = match event.kind {
        EventType::ConversationMessage => {
            let sides = (exchange.responder, receiver);
            return Some(activity(exchange, &event.message.as_ref()?.message, sides, public_url));
        }
        EventType::ConversationPostback | EventType::ConversationRead | EventType::ConversationTyping => {
            (event.by_customer(exchange), business(exchange, exchange.responder))
        }
        EventType::BusinessActivity => {
            (exchange.by_business(event.detail.sender), customer(exchange, receiver))
        }
        EventType::Signal => match event.detail.signal.as_ref()?.receiver {
            SignalReceiver::Customer => {
                (exchange.by_business(event.detail.sender), customer(exchange, receiver))
            }
            SignalReceiver::Business => (event.by_customer(exchange), business(exchange, exchange.responder)),
            SignalReceiver::Endpoint(id) => {
                (exchange.by_business(event.detail.sender), business(exchange, Some(id)))
            }
        },
        _ => return None,
    };
    let sender = match by {
        Some((Role::Customer, id)) => customer_on(exchange, id),
        _ => business(exchange, by.and_then(|(_, id)| id)),
    };
    let shown = shown(event)?;
    let kind = if shown.is_message { "message" } else { "event" };
    let (message, body) = if shown.is_message { (Some(shown.body), None) } else { (None, Some(shown.body)) };
    Some(Activity {
        conversation_id: None,
        kind: kind.to_owned(),
        event_trigger: format!("{kind}:{}", sender.integration_type.as_str().to_ascii_lowercase()),
        event_id: event.at.0,
        external_id: event.detail.external_id.clone(),
        is_echo: is_echo(exchange, by, receiver),
        // Only what stands in the list of activities is an interaction.
        interaction_id: (event.kind == EventType::ConversationPostback).then(|| event.id.to_guid()),
        flow_process: flow_of(event).to_owned(),
        sender,
        recipient: to,
        message,
        event: body,
    })
}

/// What the platform answers by itself is told apart: answers to commands, which only the speaker gets.
fn flow_of(event: &EventView) -> &'static str {
    let signal = event.detail.signal.as_ref();
    let is_answer = signal.is_some_and(|signal| matches!(signal.receiver, SignalReceiver::Endpoint(_)));
    match is_answer && event.detail.sender.is_none() {
        true => Activity::AUTO_REPLAY,
        false => Activity::DEFAULT,
    }
}

/// What an activity that is no stored message shows.
struct Shown {
    is_message: bool,
    body: Value,
}

fn shown(event: &EventView) -> Option<Shown> {
    let of_type = |kind| Shown { is_message: false, body: DirectEvent::plain(kind).to_json() };
    Some(match event.kind {
        EventType::ConversationPostback => {
            Shown { is_message: true, body: pressed(&event.detail.postback.as_ref()?.payload) }
        }
        EventType::Signal => {
            let signal = event.detail.signal.as_ref()?;
            Shown { is_message: signal.is_message, body: signal.body.clone() }
        }
        _ => match event.detail.activity {
            Some(ActivityKind::TypingStart) => of_type(DirectEventType::TypingOn),
            Some(ActivityKind::TypingStop) => of_type(DirectEventType::TypingOff),
            Some(ActivityKind::Read) | None => of_type(DirectEventType::Seen),
        },
    })
}

/// What is known about the customer: the collections that the caller gave, whose names were written as the
/// documentation has them, and always the device and a name. On `integration`, if the customer takes part
/// through it.
pub(crate) fn properties(exchange: &Exchange, integration: Option<Id>) -> Map<String, Value> {
    let client = integration.and_then(|id| exchange.customer_on(id)).or(exchange.customer());
    let channel = customer(exchange, integration).channel_type;
    let mut properties = match (client.and_then(|client| client.raw.clone()), &channel) {
        (Some(given), ChannelType::Direct | ChannelType::WebChat) => given,
        _ => Map::new(),
    };
    let profile = properties.entry("profile").or_insert_with(|| json!({}));
    if let Value::Object(profile) = profile {
        let mut fill = |name: &str, value: String| {
            profile.entry(name).or_insert(Value::String(value));
        };
        fill("device", channel.as_str().to_owned());
        fill(
            "full name",
            client.and_then(|client| client.display_name.clone()).unwrap_or_else(|| "Customer".to_owned()),
        );
    }
    properties.entry("additional").or_insert_with(|| json!({}));
    properties
}
