//! The events hub: activities over SignalR, JSON protocol, WebSockets (hubster.md §6).

mod admission;
mod connect;
mod negotiate;
mod protocol;
mod records;
mod renderer;
mod tickets;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Request, Response};
use axum::routing::{MethodFilter, on};
use wire::hubster::signalr::{NEGOTIATE_PATH, PATH};

pub use self::renderer::SignalrRenderer;
use self::tickets::Tickets;
use crate::http::auth::presented;
use crate::http::error::{ApiError, Resource, Result};
use crate::http::query::Query;
use crate::http::router::CORS;
use crate::http::router::Shared;

/// What the hub's two routes need.
pub(crate) struct Door {
    shared: Arc<Shared>,
    tickets: Tickets,
}

/// Reads what a client may send, in frames of any length, as the hub does: for fuzzing. Gives how many
/// records were understood.
pub fn read_frames(frames: &[&[u8]]) -> usize {
    protocol::understood(frames)
}

/// The routes of the hub.
pub(crate) fn routes(shared: &Arc<Shared>) -> Router {
    let door = Arc::new(Door { shared: shared.clone(), tickets: Tickets::default() });
    let other = door.clone();
    let negotiate = on(MethodFilter::POST, move |request: Request<Body>| {
        let door = door.clone();
        async move {
            finish(&request.headers().clone(), "EventsNegotiate", negotiate::negotiate(&door, request).await)
        }
    });
    let connect = on(MethodFilter::GET, move |request: Request<Body>| {
        let door = other.clone();
        async move { finish(&request.headers().clone(), "EventsConnect", connect::connect(&door, request).await) }
    });
    let preflight = |headers: HeaderMap| async move { CORS.preflight(&headers) };
    Router::new().route(NEGOTIATE_PATH, negotiate.options(preflight)).route(PATH, connect.options(preflight))
}

/// The answer for a page of another origin and for the server's metrics.
fn finish(headers: &HeaderMap, operation: &str, answer: Result<Response<Body>>) -> Response<Body> {
    let mut response =
        answer.unwrap_or_else(|error| error.into_reply(Resource::Engine, headers).into_response());
    CORS.allow(headers, &mut response);
    if let Some(operation) = wire::hubster::operation(operation) {
        response.extensions_mut().insert(operation);
    }
    response
}

/// The token of a request: browsers can give it to a WebSocket in the query alone.
fn token_of<'a>(headers: &'a HeaderMap, query: &'a Query) -> Result<&'a str> {
    match query.get("access_token") {
        Some(token) if !headers.contains_key(AUTHORIZATION) => Ok(token),
        _ => presented(headers),
    }
}

/// Whether a token opens the hub at all; everything else is answered over the socket.
async fn check_token(shared: &Shared, token: &str) -> Result<()> {
    let counted = shared.bearer(token).await?;
    shared.limiter.check(&counted).map_err(ApiError::TooFast)
}
