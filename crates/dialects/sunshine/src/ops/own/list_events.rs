//! ListEvents: `GET /v2/apps/{appId}/events`.

use std::ops::RangeInclusive;
use std::time::Duration;

use hub::EventsRequest;
use wire::crosspoint::types::EventListResponse;
use wire::sunshine::types::Meta;

use crate::events::{Look, event};
use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::query::Query;
use crate::http::reply::Reply;
use crate::validate::{At, id};

const LIMIT_DEFAULT: u64 = 25;
const LIMITS: RangeInclusive<u64> = 1..=100;
/// Seconds after which a key with as many waiting calls as it may have tries again.
const RETRY_AFTER_S: u64 = 5;
/// Seconds that a call waits at most.
const WAITS_S: RangeInclusive<u64> = 0..=30;

pub(crate) async fn list_events(call: AppCall) -> Result<Reply> {
    let query = &call.request.query;
    let request = EventsRequest {
        after: query.get("after").map(id::parse).transpose().at("after")?,
        limit: number(query, "limit", LIMITS)?.unwrap_or(LIMIT_DEFAULT) as usize,
        wait: Duration::from_secs(number(query, "wait", WAITS_S)?.unwrap_or_default()),
    };
    let hub = &call.request.hub;
    let _place = match request.wait.is_zero() {
        true => None,
        false => {
            Some(hub.waiting_call(&call.grant).ok_or_else(|| ApiError::too_many_requests(RETRY_AFTER_S))?)
        }
    };
    let page = hub.list_events(&call.grant, request).await?;
    let look = Look::default();
    let events = page.events.iter().map(|view| event(hub, view, look, &[])).collect();
    let meta = Meta {
        has_more: page.has_more,
        after_cursor: page.after.map(|id| id.to_string()),
        before_cursor: None,
    };
    Ok(Reply::ok(&EventListResponse { events, meta }))
}

fn number(query: &Query, name: &str, range: RangeInclusive<u64>) -> Result<Option<u64>> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| range.contains(number));
    let refusal =
        || ApiError::bad_request(format!("{name}: must be from {} to {}", range.start(), range.end()));
    number.map(Some).ok_or_else(refusal)
}
