//! `/hooks/{channel}/{integrationId}`: what providers tell us (channels.md §0.1).
//!
//! The order is fixed: find the integration, read the bytes, answer a handshake, verify over the bytes,
//! parse, store everything in one command, answer. What is due besides comes after the answer.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use channels::{Elsewhere, HookError, HookReply, HookRequest, Hooked};
use delivery::{ChannelSet, Followers, Opened};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode, request::Parts};
use hub::{Hub, HubError, OpenChannel, Received, Sign};
use metrics::Counter;
use model::Id;
use model::channel::Inbound;
use model::record::IntegrationStatus;

use super::reply;
use super::routes::Shared;

/// The route's name in metrics and log.
pub(super) const NAME: &str = "hooks";

/// What callbacks need.
pub(crate) struct Hooks {
    channels: ChannelSet,
    followers: Followers,
    /// By channel; a series begins with its first callback.
    counters: HashMap<&'static str, OnceLock<Counters>>,
}

impl Hooks {
    pub(crate) fn new(channels: ChannelSet, followers: Followers) -> Hooks {
        let kinds = channels.all().into_iter().map(|channel| channel.descriptor().kind);
        let counters = kinds.map(|kind| (kind, OnceLock::new())).collect();
        Hooks { channels, followers, counters }
    }

    /// Counts a callback that was taken, with what it said.
    fn count_taken(&self, kind: &'static str, received: &Received) {
        let Some(counters) = self.counters.get(kind) else { return };
        let counters = counters.get_or_init(|| Counters::of(kind));
        counters.callbacks.increment(1);
        counters.taken.increment(received.taken as u64);
        counters.repeated.increment(received.repeated as u64);
    }
}

/// What is counted of every callback of a channel, without looking anything up by name.
struct Counters {
    callbacks: Counter,
    taken: Counter,
    repeated: Counter,
}

impl Counters {
    fn of(kind: &'static str) -> Counters {
        let events = |outcome: &'static str| metrics::counter!("crosspoint_inbound_events_total", "channel" => kind, "outcome" => outcome);
        Counters { callbacks: requests(kind, "taken"), taken: events("taken"), repeated: events("repeated") }
    }
}

/// Why a callback is not taken. The caller learns the status and nothing more.
enum Refused {
    /// There is no such integration, or no connector for it.
    Unknown,
    /// It is switched off.
    Gone,
    /// The method is none that the provider uses.
    Method,
    /// The body is too long, or did not come.
    Body(StatusCode),
    /// The connector does not take it.
    Hook(HookError),
    /// The store's, or the hub's.
    Hub(HubError),
}

impl From<HubError> for Refused {
    fn from(error: HubError) -> Refused {
        match error {
            // Its app was deleted a moment ago.
            HubError::NotFound(_) => Refused::Unknown,
            error => Refused::Hub(error),
        }
    }
}

/// Takes a callback.
pub(super) async fn hook(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request<Body>,
) -> Response<Body> {
    let answer = match path {
        Ok(Path((kind, id))) => {
            let taken = take(&shared, &kind, &id, request).await;
            let label =
                shared.hooks.channels.channel(&kind).map_or("none", |channel| channel.descriptor().kind);
            taken.unwrap_or_else(|refused| refuse(label, &id, &refused))
        }
        Err(_) => refuse("none", "", &Refused::Unknown),
    };
    reply::named(NAME, answer)
}

async fn take(
    shared: &Shared,
    kind: &str,
    id: &str,
    request: Request<Body>,
) -> Result<Response<Body>, Refused> {
    let (hub, hooks) = (&shared.hub, &shared.hooks);
    let channel = hooks.channels.channel(kind).ok_or(Refused::Unknown)?;
    let Found { open, is_begun } = find(hub, kind, id).await?;
    let opened = hooks.channels.open(&open).ok_or(Refused::Unknown)?;
    let (parts, body) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::POST {
        return Err(Refused::Method);
    }
    let body = read(&parts, body, channel.descriptor().hook_bytes_max).await?;
    let told = HookRequest {
        method: &parts.method,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body: &body,
    };
    if let Some(reply) = opened.channel.handshake(&opened.account(), &told) {
        count(channel.descriptor().kind, "handshake");
        return Ok(answer(reply));
    }
    if is_begun {
        return Err(Refused::Unknown);
    }
    if parts.method != Method::POST {
        return Err(Refused::Method);
    }
    let account = opened.account();
    opened.channel.verify(&account, &told, hub.now().0).map_err(Refused::Hook)?;
    let hooked = opened.channel.parse(&account, &told).map_err(Refused::Hook)?;
    store(shared, &open, &opened, hooked).await?;
    Ok(answer(channel.reply()))
}

/// The integration of a callback.
struct Found {
    open: Arc<OpenChannel>,
    /// Whether it is still being set up: then it answers handshakes and nothing else.
    is_begun: bool,
}

async fn find(hub: &Hub, kind: &str, id: &str) -> Result<Found, Refused> {
    let id: Id = id.parse().map_err(|_| Refused::Unknown)?;
    let (found, is_begun) = match hub.channel(id).await? {
        Some(open) => (Some(open), false),
        None => (hub.begun_channel(id).await?.map(Arc::new), true),
    };
    let open = found.filter(|open| open.integration.kind == kind).ok_or(Refused::Unknown)?;
    // What comes for a paused one is stored as always, and waits (decision 33).
    if open.integration.status == IntegrationStatus::Inactive && !is_begun {
        return Err(Refused::Gone);
    }
    Ok(Found { open, is_begun })
}

async fn read(parts: &Parts, body: Body, bytes_max: usize) -> Result<Bytes, Refused> {
    let announced =
        parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(Refused::Body(StatusCode::PAYLOAD_TOO_LARGE));
    }
    axum::body::to_bytes(body, bytes_max).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        let too_long = source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
        Refused::Body(if too_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST })
    })
}

/// Stores everything that the callback says in one command, then starts what is due besides.
async fn store(
    shared: &Shared,
    open: &Arc<OpenChannel>,
    opened: &Opened<'_>,
    hooked: Hooked,
) -> Result<(), Refused> {
    let Hooked { events, elsewhere, ignored, follow_ups, refused } = hooked;
    let (hub, hooks) = (&shared.hub, &shared.hooks);
    let kind = opened.channel.descriptor().kind;
    let mut told = vec![(open.clone(), events)];
    for Elsewhere { settings, events } in elsewhere {
        let owners = hub.channels_with(kind, &settings).await?;
        if owners.is_empty() {
            tracing::info!(
                channel = kind,
                events = events.len(),
                "a callback speaks of an integration that is not here"
            );
        }
        told.extend(owners.into_iter().map(|owner| (owner, events.clone())));
    }
    told.retain(|(_, events): &(Arc<OpenChannel>, Vec<Inbound>)| !events.is_empty());
    let owners: Vec<Arc<OpenChannel>> = told.iter().map(|(owner, _)| owner.clone()).collect();
    let received = hub.receive(told).await?;
    hooks.count_taken(kind, &received);
    if ignored > 0 {
        tracing::info!(channel = kind, integration = %open.integration.id, ignored, "a callback speaks of nobody whom we could name");
        metrics::counter!("crosspoint_inbound_events_total", "channel" => kind, "outcome" => "ignored")
            .increment(ignored as u64);
    }
    for owner in &owners {
        hooks.followers.meet(owner, &received.newcomers);
    }
    hooks.followers.follow_up(follow_ups);
    note(hub, open, refused.map_or(Sign::Heard, Sign::Refused));
    Ok(())
}

/// The provider is there, or says that it takes nothing any more; nobody waits for noting it.
fn note(hub: &Hub, open: &Arc<OpenChannel>, sign: Sign) {
    if !hub.is_noted(&open.integration, &sign) {
        let (hub, open) = (hub.clone(), open.clone());
        tokio::spawn(async move {
            if let Err(error) = hub.note_sign(&open.integration, sign).await {
                tracing::debug!(%error, "a provider's sign could not be noted");
            }
        });
    }
}

fn answer(reply: HookReply) -> Response<Body> {
    let HookReply { status, content_type, body } = reply;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An empty answer: whoever guesses learns nothing.
fn refuse(channel: &'static str, integration: &str, refused: &Refused) -> Response<Body> {
    let (status, outcome) = match refused {
        Refused::Unknown => (StatusCode::NOT_FOUND, "unknown"),
        Refused::Gone => (StatusCode::GONE, "inactive"),
        Refused::Method => (StatusCode::METHOD_NOT_ALLOWED, "method"),
        Refused::Body(status) => (*status, "unreadable"),
        Refused::Hook(HookError::Unverified(status)) => (*status, "unverified"),
        Refused::Hook(HookError::Unreadable(_)) => (StatusCode::BAD_REQUEST, "unreadable"),
        Refused::Hub(HubError::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Refused::Hub(_) => (StatusCode::INTERNAL_SERVER_ERROR, "failed"),
    };
    match refused {
        Refused::Hook(HookError::Unreadable(why)) => {
            tracing::info!(channel, integration, why, "a callback could not be read");
        }
        Refused::Hook(HookError::Unverified(_)) => {
            tracing::info!(channel, integration, "a callback was not signed by its provider");
        }
        Refused::Hub(error) if !matches!(error, HubError::Busy) => {
            tracing::error!(channel, integration, ?error, "a callback could not be stored");
        }
        _ => {}
    }
    count(channel, outcome);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn count(channel: &'static str, outcome: &'static str) {
    requests(channel, outcome).increment(1);
}

fn requests(channel: &'static str, outcome: &'static str) -> Counter {
    metrics::counter!("crosspoint_hook_requests_total", "channel" => channel, "outcome" => outcome)
}
