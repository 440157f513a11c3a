//! Activities that come in: what customers, agents and bots say (hubster.md §2.8).

use hub::{HubError, SayDraft, Speaker, Thing};
use serde_json::Value;
use wire::hubster::codes;
use wire::hubster::types::DirectReply;

use crate::guid::Named;
use crate::http::call::EngineCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::message::{self, Writer};
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

async fn inbound(call: EngineCall, needs_sender: bool) -> Result<Reply> {
    let (grant, conversation) = call.conversation().await?;
    let body = read::body(&call.request.bytes, &ACTIVITY)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&ACTIVITY));
    // Visitors speak for customers alone.
    let sender = match call.visitor {
        Some(_) => None,
        None => sender(&mut check, &fields, needs_sender),
    };
    let external_id = check.text(&fields, "externalId", EXTERNAL_ID_CHARS_MAX);
    let writer = if sender.is_some() { Writer::Business } else { Writer::Customer };
    let said = said(&mut check, &fields);
    let content = said.and_then(|message| message::read(&mut check, message, "message", writer));
    check.done()?;
    let (Some(content), Some(said)) = (content, said) else { return Err(check.refuse()) };
    let speaker = match sender {
        Some(named) => Speaker::Endpoint(named.id().ok_or(HubError::NotFound(Thing::Integration))?),
        None => Speaker::Customer,
    };
    let original = Some(with_small_type(said));
    let draft = SayDraft { speaker, content, original, external_id };
    let (message, integration) = call.request.hub.say(&grant, conversation, draft).await?;
    Ok(Reply::ok(&DirectReply {
        status: 200,
        event_id: message.received.0,
        external_id: message.extra.external_id,
        hub_id: grant.app.id.to_guid(),
        conversation_id: conversation.to_guid(),
        integration_id: integration.to_guid(),
        interaction_id: Some(message.id.to_guid()),
    }))
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
    let text = check.required_text(sender.as_ref()?, "integrationId", EXTERNAL_ID_CHARS_MAX)?;
    let named = Named::read(&text);
    if named.is_none() {
        check.fail(codes::ACTIVITY_BAD_GUID, format!("Value '{text}' is not a valid GUID."));
    }
    named
}

/// The message. Its `type` may be left out, as published clients do; events are not taken yet.
fn said<'a>(check: &mut Check, fields: &Fields<'a>) -> Option<&'a Value> {
    let kind = check.text(fields, "type", EXTERNAL_ID_CHARS_MAX);
    let message = fields.get("message");
    let event = ["event", "action", "senderAction"].into_iter().find_map(|name| fields.get(name));
    match (message, event) {
        (None, None) => check.fail(codes::ACTIVITY_EMPTY, "The activity has neither a message nor an event."),
        (Some(_), Some(_)) => {
            check.fail(codes::ACTIVITY_BOTH, "The activity has both a message and an event.")
        }
        (None, Some(_)) => check.fail(codes::ACTIVITY_NOT_SUPPORTED, "Events are not supported yet."),
        (Some(_), None) => {}
    }
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("message")) && event.is_none() {
        check.fail(codes::ACTIVITY_NOT_SUPPORTED, "The type of the activity does not fit what it has.");
    }
    message.filter(|_| event.is_none())
}

/// The message with the names of its members as the documentation writes them; published clients write
/// some with a capital in front.
fn with_small_type(message: &Value) -> Value {
    const KEPT: [&str; 3] = ["payload", "metadata", "properties"];
    match message {
        Value::Object(members) => {
            let renamed = members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().into_iter().flat_map(char::to_lowercase);
                let name: String = first.chain(letters).collect();
                let value =
                    if KEPT.contains(&name.as_str()) { value.clone() } else { with_small_type(value) };
                (name, value)
            });
            Value::Object(renamed.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(with_small_type).collect()),
        other => other.clone(),
    }
}
