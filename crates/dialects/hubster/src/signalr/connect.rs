//! `GET /engine-chat-hub`: the WebSocket (hubster.md §6.3).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts as _, WebSocketUpgrade};
use axum::http::{Request, Response};
use futures::FutureExt as _;
use realtime::Admission;
use wire::hubster::codes;

use super::admission::{Asked, refusal};
use super::protocol::Signalr;
use super::{Door, check_token, token_of};
use crate::http::error::{ApiError, Result};
use crate::http::query::Query;

/// Opens the socket. Only what concerns the connection itself is refused here; whether it may listen is
/// said over the socket, where clients can read why.
pub(super) async fn connect(door: &Door, request: Request<Body>) -> Result<Response<Body>> {
    let (mut head, _) = request.into_parts();
    let query = Query::parse(head.uri.query().unwrap_or_default());
    let shared = &door.shared;
    let token = token_of(&head.headers, &query)?.to_owned();
    check_token(shared, &token).await?;
    if let Some(ticket) = query.get("id") {
        door.tickets.take(&shared.hub, ticket)?;
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut head, &()).await.map_err(|_| {
        ApiError::of(codes::VALUE_NOT_SUPPORTED, "This path is opened as a WebSocket, and as nothing else.")
    })?;
    let asked = Arc::new(Asked { token, query, headers: head.headers });
    let first = asked.interest(shared).await.map_err(refusal);
    let again = {
        let (asked, shared) = (asked.clone(), shared.clone());
        move || {
            let (asked, shared) = (asked.clone(), shared.clone());
            async move { asked.still_good(&shared).await.map_err(refusal) }.boxed()
        }
    };
    let admission = Admission { first, again: Arc::new(again) };
    let place = shared.sockets.place();
    let protocol = Signalr::new(shared.sockets.settings().record_bytes_max);
    Ok(place.bound(upgrade).on_upgrade(move |socket| place.run(socket, protocol, admission)))
}
