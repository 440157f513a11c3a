//! Activities that come in: what customers, agents and bots say (hubster.md §2.8).

use std::borrow::Cow;

use hub::{Asker, Grant, HandOver, HandOverDraft, HubError, Said, SayDraft, SignalDraft, Speaker, Thing};
use model::Id;
use serde_json::{Value, json};
use wire::hubster::codes;
use wire::hubster::types::DirectReply;

use super::commands;
use crate::guid::Named;
use crate::http::call::EngineCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::message::{self, Event, Taken, Writer};
use crate::read::{self, ACTIVITY, Check, Fields};

/// Characters of the sender's own id.
const EXTERNAL_ID_CHARS_MAX: usize = 1_024;

/// `POST /inbound/customer/v1/direct/activity/{conversationId}`: without a sender a customer's.
pub(crate) async fn customer(call: EngineCall) -> Result<Reply> {
    inbound(call, false).await
}

/// `POST /inbound/business/v1/direct/activity/{conversationId}`
pub(crate) async fn business(call: EngineCall) -> Result<Reply> {
    inbound(call, true).await
}

/// Who speaks: a visitor by their token, a customer's integration on the customer's path, an agent or bot.
async fn speaker(
    call: &EngineCall,
    grant: &Grant,
    sender: Option<Id>,
    needs_sender: bool,
) -> Result<Speaker> {
    Ok(match (&call.visitor, sender) {
        (Some(visitor), _) => Speaker::Visitor(visitor.visit.token),
        (None, None) => Speaker::Customer,
        (None, Some(id)) if !needs_sender && call.request.hub.is_customers(grant, id).await? => {
            Speaker::CustomerOn(id)
        }
        (None, Some(id)) => Speaker::Endpoint(id),
    })
}

/// What an activity says or does.
enum Act {
    /// It says something.
    Message(Box<Taken>),
    /// It does something; with the event as it is handed over.
    Event(Event, Value),
}

async fn inbound(call: EngineCall, needs_sender: bool) -> Result<Reply> {
    let (grant, conversation) = call.conversation().await?;
    let body = read::body(&call.request.bytes, &ACTIVITY)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&ACTIVITY));
    if body.is_empty() {
        return Err(ApiError::of(codes::ACTIVITY_MESSAGE_EMPTY, "The activity is empty."));
    }
    // Visitors speak for customers alone.
    let sender = match call.visitor {
        Some(_) => None,
        None => sender(&mut check, &fields, needs_sender),
    };
    let external_id = check.text(&fields, "externalId", EXTERNAL_ID_CHARS_MAX);
    let hub = &call.request.hub;
    let speaker = speaker(&call, &grant, sender.and_then(Named::id), needs_sender).await?;
    let is_customer = sender.is_none() || matches!(speaker, Speaker::CustomerOn(_));
    let writer = if is_customer { Writer::Customer } else { Writer::Business };
    let said = said(&mut check, &fields);
    let act = said.and_then(|said| act(&mut check, said, writer));
    check.done()?;
    let Some(act) = act else { return Err(check.refuse()) };
    let endpoint = match sender.filter(|_| !is_customer) {
        Some(named) => Some(named.id().ok_or(HubError::NotFound(Thing::Integration))?),
        None => None,
    };
    let told_back = external_id.clone();
    let done = match (act, endpoint) {
        (Act::Message(taken), _) => {
            if let Some(endpoint) = endpoint
                && let Some(command) = commands::read(&taken.message)?
            {
                let asker = Asker { endpoint, external_id };
                commands::run(hub, &grant, conversation, asker, command).await?
            } else {
                let Taken { content, message } = *taken;
                let original = message::original(&content, message);
                let draft = SayDraft { speaker, content, original, external_id };
                hub.say(&grant, conversation, draft).await?
            }
        }
        (Act::Event(Event::Takeover, body), Some(endpoint)) => {
            let wanted = HandOverDraft { endpoint, way: HandOver::Take, body, external_id };
            hub.hand_over(&grant, conversation, wanted).await?
        }
        (Act::Event(Event::Handover(named), body), Some(endpoint)) => {
            let target = match named {
                Some(named) => Some(named.id().ok_or(HubError::NotFound(Thing::Integration))?),
                None => None,
            };
            let wanted = HandOverDraft { endpoint, way: HandOver::Give(target), body, external_id };
            hub.hand_over(&grant, conversation, wanted).await?
        }
        (Act::Event(event, body), _) => {
            let signalled = event.signalled(&body);
            let draft = SignalDraft { speaker, signalled, external_id };
            hub.signal(&grant, conversation, draft).await?
        }
    };
    Ok(reply(&grant, conversation, done, told_back))
}

/// Reads a body as an activity of either side, for the fuzz targets.
pub(crate) fn read_any(bytes: &[u8]) {
    let Ok(body) = read::body(bytes, &ACTIVITY) else { return };
    for writer in [Writer::Customer, Writer::Business] {
        let (fields, mut check) = (Fields::of(&body), Check::new(&ACTIVITY));
        let _none_or_read = sender(&mut check, &fields, false);
        let said = said(&mut check, &fields);
        if let Some(Act::Message(taken)) = said.and_then(|said| act(&mut check, said, writer)) {
            let _refused_or_read = commands::read(&taken.message);
        }
    }
}

fn reply(grant: &Grant, conversation: Id, done: Said, external_id: Option<String>) -> Reply {
    Reply::ok(&DirectReply {
        status: 200,
        event_id: done.at.0,
        external_id,
        hub_id: grant.app.id.to_guid(),
        conversation_id: conversation.to_guid(),
        integration_id: done.integration.to_guid(),
        interaction_id: done.message.map(|message| message.to_guid()),
    })
}

/// The integration that speaks; customers name none.
fn sender(check: &mut Check, fields: &Fields<'_>, needed: bool) -> Option<Named> {
    let sender = check.object(fields, "sender");
    let given = sender.as_ref().is_some_and(|sender| sender.has("integrationId"));
    if !given {
        if needed {
            check.fail(check.codes.missing, "Property 'sender.integrationId' is required.");
        }
        return None;
    }
    check.guid(sender.as_ref()?, "integrationId")
}

/// The two things that an activity may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Event,
}

/// The message or event as it came. The activity's `type` may be left out, as published clients do; events
/// have had other names before (§2.8).
fn said<'a>(check: &mut Check, fields: &Fields<'a>) -> Option<(Kind, Cow<'a, Value>)> {
    let kind = check.text(fields, "type", EXTERNAL_ID_CHARS_MAX);
    let message = fields.get("message");
    let event = ["event", "action"].into_iter().find_map(|name| fields.get(name));
    let event = event.cloned().or_else(|| sender_action(fields));
    let found = match (message, event) {
        (None, None) => {
            check.fail(codes::ACTIVITY_EMPTY, "The activity has neither a message nor an event.");
            return None;
        }
        (Some(_), Some(_)) => {
            check.fail(codes::ACTIVITY_BOTH, "The activity has both a message and an event.");
            return None;
        }
        (Some(message), None) => (Kind::Message, Cow::Borrowed(message)),
        (None, Some(event)) => (Kind::Event, Cow::Owned(message::with_names(&event))),
    };
    let fits = |kind: &String| match kind.to_ascii_lowercase().as_str() {
        "message" => found.0 == Kind::Message,
        "event" | "action" | "sender_action" => found.0 == Kind::Event,
        _ => false,
    };
    if kind.is_some_and(|kind| !fits(&kind)) {
        check.fail(codes::ACTIVITY_NOT_SUPPORTED, "The type of the activity does not fit what it has.");
    }
    Some(found)
}

/// The oldest form of an event: its type is called its action.
fn sender_action(fields: &Fields<'_>) -> Option<Value> {
    let given = fields.get("senderAction")?;
    let action = given.as_object().and_then(|members| Fields::of(members).get("action"));
    Some(action.map_or_else(|| given.clone(), |action| json!({ "type": action })))
}

/// Reads what is said or done. Only the business moves control.
fn act(check: &mut Check, (kind, body): (Kind, Cow<'_, Value>), writer: Writer) -> Option<Act> {
    if kind == Kind::Message {
        return message::take(check, &body, "message", writer).map(|taken| Act::Message(Box::new(taken)));
    }
    let event = message::event(check, &body, "event")?;
    if matches!(event, Event::Takeover | Event::Handover(_)) && writer == Writer::Customer {
        check.fail(check.codes.not_supported, "A customer neither takes nor hands over control.");
        return None;
    }
    Some(Act::Event(event, message::settled_event(body.into_owned())))
}
