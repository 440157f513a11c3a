//! PostConversionEvents: `POST /v2/apps/{appId}/conversations/{conversationId}/conversionEvents`. The events
//! go to the provider while the caller waits.

use hub::{ConversionsTaken, Thing};
use serde_json::{Map, Value};
use wire::sunshine::types::{
    ConversionEvents, ConversionEventsBody, ConversionEventsResponse, ConversionPayload, MetaConversionEvent,
};

use crate::http::call::{AppCall, Repeat};
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::validate::{Checked, refuse};

pub(crate) async fn post_conversion_events(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let (channel, payload) = call.body_for(conversation, channel).await?;
    let hub = &call.request.hub;
    let taken = hub.report_conversions(&call.grant, conversation, channel, &payload).await?;
    Ok(show(taken))
}

/// What the provider has said to the first request.
pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let taken = ConversionsTaken::read(&repeat.result);
    Ok(show(taken.ok_or_else(|| ApiError::not_found(Thing::Conversation))?))
}

fn show(taken: ConversionsTaken) -> Reply {
    let conversion_events =
        ConversionEvents { dataset_id: Some(taken.dataset_id), events_received: Some(taken.received) };
    Reply::ok(&ConversionEventsResponse { conversion_events })
}

/// The one channel that the events are for, and what it is told.
fn channel(body: ConversionEventsBody) -> Checked<(&'static str, Map<String, Value>)> {
    let ConversionEventsBody { messenger, instagram, whatsapp } = body;
    match (messenger, instagram, whatsapp) {
        (Some(events), None, None) => Ok(("messenger", told(events))),
        (None, Some(events), None) => Ok(("instagram", told(events))),
        (None, None, Some(events)) => Ok(("whatsapp", told(events))),
        _ => refuse("needs exactly one of messenger, instagram and whatsapp"),
    }
}

fn told(events: MetaConversionEvent) -> Map<String, Value> {
    let ConversionPayload { data, mut more } = events.payload;
    more.insert("data".to_owned(), data.into_iter().map(Value::Object).collect());
    more
}
