//! Meta's Conversions API for business messaging: the page's data set, then the events.
//!
//! The data set is asked for each time: `POST /{page}/dataset` makes it once and gives the same id from then
//! on. The page's token needs the permission `page_events`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{is_good, judge, node_id, with_token};
use crate::channel::{Account, Conversion, Recipient};
use crate::kit::provider::{setting, text, without_secrets};
use crate::plan::Plan;

/// Parameters of every call to Meta, which say who asks: that is the integration.
const NOT_THE_CALLERS: &[&str] = &["access_token", "appsecret_proof"];
/// Codes by which Meta refuses the token itself. A permission that it lacks (10, 200 to 299) is needed for
/// events alone: messages go on.
const DEAD_TOKEN: &[i64] = &[102, 190];

/// The next step.
pub(super) fn step(
    account: &Account<'_>,
    to: Recipient<'_>,
    payload: &Map<String, Value>,
    answers: &[(StatusCode, Value)],
) -> Conversion {
    if let Some((status, body)) = answers.iter().find(|(status, body)| !is_good(*status, body)) {
        return refused(account, *status, body);
    }
    let page = setting(account, "pageId").and_then(|id| node_id(&json!({ "id": id })));
    let Some(page) = page else { return Conversion::Refused("pageId is missing".to_owned()) };
    match answers {
        [] => {
            let url = with_token(account, &format!("{page}/dataset"), &[]);
            Conversion::Call(Plan { repeatable: true, ..Plan::form(url, Vec::new()) })
        }
        [(_, dataset)] => match node_id(dataset) {
            Some(id) => {
                let url = with_token(account, &format!("{id}/events"), &[]);
                Conversion::Call(Plan::json(url, body(payload, &page, to.external_id)))
            }
            None => Conversion::Refused("Meta names no data set of the page".to_owned()),
        },
        [(_, dataset), (_, taken), ..] => match taken.get("events_received").and_then(Value::as_u64) {
            Some(received) => {
                Conversion::Taken { dataset_id: node_id(dataset).unwrap_or_default(), received }
            }
            None => Conversion::Refused("Meta does not say whether it has the events".to_owned()),
        },
    }
}

/// The caller's payload with what is known of the person.
fn body(payload: &Map<String, Value>, page: &str, person: &str) -> Value {
    let mut body = payload.clone();
    body.retain(|name, _| !NOT_THE_CALLERS.contains(&name.as_str()));
    let events = body.get_mut("data").and_then(Value::as_array_mut);
    for event in events.into_iter().flatten().filter_map(Value::as_object_mut) {
        fill(event, page, person);
    }
    body.into()
}

/// Fills in what the caller has left out; what is there stays, and Meta judges it.
fn fill(event: &mut Map<String, Value>, page: &str, person: &str) {
    event.entry("messaging_channel").or_insert_with(|| "messenger".into());
    if let Value::Object(who) = event.entry("user_data").or_insert_with(|| json!({})) {
        who.entry("page_id").or_insert_with(|| page.into());
        who.entry("page_scoped_user_id").or_insert_with(|| person.into());
    }
}

/// What is wrong with an event stands in the texts that are meant for people; `message` is the same for all.
fn refused(account: &Account<'_>, status: StatusCode, body: &Value) -> Conversion {
    let Some(error) = body.get("error").filter(|error| error.is_object()) else {
        return Conversion::Refused(format!("Meta refuses: HTTP {}", status.as_u16()));
    };
    let mut reason = judge::reason(account, error);
    for said in ["/error_user_title", "/error_user_msg"].iter().filter_map(|pointer| text(error, pointer)) {
        reason = format!("{reason}: {}", without_secrets(account, said));
    }
    let code = error.get("code").and_then(Value::as_i64);
    match code.is_some_and(|code| DEAD_TOKEN.contains(&code)) {
        true => Conversion::DeadToken(reason),
        false => Conversion::Refused(format!("Meta refuses: {reason}")),
    }
}
