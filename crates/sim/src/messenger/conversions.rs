//! The Conversions API for business messaging: a page's data set, and the events that go there
//! (developers.facebook.com, "Conversions API for Business Messaging" and "Server Event Parameters").

use serde_json::{Value, json};

use crate::http::{Incoming, Reply};
use crate::shared::Handle;
use crate::world::World;

use super::errors::{Graph, parameter};
use super::{Page, Params, setup};

/// Events of one request.
const EVENTS_MAX: usize = 1_000;
/// How old an event may be, in seconds.
const AGE_S_MAX: i64 = 7 * 24 * 60 * 60;

/// A page's data set.
#[derive(Clone, Debug)]
pub(crate) struct Dataset {
    pub(crate) page_id: String,
    id: String,
    /// What it has taken, oldest first.
    pub(crate) events: Vec<Value>,
}

/// `POST /{pageId}/dataset`: the same one each time.
pub(super) fn dataset(
    shared: &Handle,
    request: &Incoming,
    page: &str,
    params: &Params,
) -> Result<Reply, Graph> {
    let page = shared.look(|world| setup::page(world, request, page, params))?;
    let id = shared.with(|world| {
        if let Some(known) = world.datasets.iter().find(|known| known.page_id == page.page_id) {
            return known.id.clone();
        }
        let new = Dataset { page_id: page.page_id, id: world.ids.digits(16), events: Vec::new() };
        world.datasets.push(new.clone());
        new.id
    });
    Ok(Reply::json(200, &json!({"id": id})))
}

/// `POST /{datasetId}/events`: one wrong event refuses all of them.
pub(super) fn events(
    shared: &Handle,
    request: &Incoming,
    dataset: &str,
    params: &Params,
) -> Result<Reply, Graph> {
    let page = shared.look(|world| setup::page(world, request, "me", params))?;
    shared.look(|world| owned(world, &page, dataset))?;
    let data = match params.values.get("data") {
        Some(Value::Array(data)) => data,
        _ => return Err(parameter("messenger.events.data", "The parameter data is required")),
    };
    if data.is_empty() || data.len() > EVENTS_MAX {
        return Err(parameter("messenger.events.count", "Param data must have 1 to 1000 events"));
    }
    let now_s = shared.now_ms() / 1_000;
    data.iter().try_for_each(|event| judge(event, &page, now_s))?;
    let (received, trace) = shared.with(|world| {
        if let Some(own) = world.datasets.iter_mut().find(|own| own.id == dataset) {
            own.events.extend(data.iter().cloned());
        }
        (data.len(), world.ids.fbtrace())
    });
    Ok(Reply::json(200, &json!({"events_received": received, "messages": [], "fbtrace_id": trace})))
}

fn owned(world: &World, page: &Page, dataset: &str) -> Result<(), Graph> {
    if world.datasets.iter().any(|own| own.id == dataset && own.page_id == page.page_id) {
        return Ok(());
    }
    let message = format!(
        "Unsupported post request. Object with ID '{dataset}' does not exist, cannot be loaded due to missing permissions"
    );
    Err(parameter("messenger.events.dataset", &message).subcode(33))
}

fn judge(event: &Value, page: &Page, now_s: i64) -> Result<(), Graph> {
    let lacks = |name: &str| {
        let why = format!("The event lacks {name}, or it is of another kind.");
        parameter("messenger.events.required", "Invalid parameter").told("Missing Parameter", &why)
    };
    let said = |name: &str| event[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| lacks(name));
    let name = said("event_name")?;
    let at = event["event_time"].as_i64().ok_or_else(|| lacks("event_time"))?;
    if now_s - at > AGE_S_MAX {
        let why = "The timestamp for this event is too far in the past. Events need to be sent from your server \
                   within 7 days of when they occurred.";
        let refusal = parameter("messenger.events.age", "Invalid parameter").subcode(2_804_003);
        return Err(refusal.told("Event Timestamp Too Old", why));
    }
    if said("action_source")? != "business_messaging" {
        return Err(parameter(
            "messenger.events.source",
            "Param action_source must be business_messaging here",
        ));
    }
    if said("messaging_channel")? != "messenger" {
        return Err(parameter("messenger.events.channel", "Param messaging_channel must be messenger here"));
    }
    let who = |name: &str| match &event["user_data"][name] {
        Value::String(id) if !id.is_empty() => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        _ => Err(lacks(&format!("user_data.{name}"))),
    };
    who("page_scoped_user_id")?;
    if who("page_id")? != page.page_id {
        return Err(parameter("messenger.events.page", "Param user_data[page_id] is another page"));
    }
    let paid = &event["custom_data"];
    if name == "Purchase" && !(paid["currency"].is_string() && paid["value"].is_number()) {
        return Err(lacks("custom_data.currency and custom_data.value"));
    }
    Ok(())
}
