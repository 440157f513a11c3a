//! `POST /engine-chat-hub/negotiate` (hubster.md §6.2).

use axum::body::Body;
use axum::http::{Request, Response};
use hub::Hub;
use wire::hubster::signalr::{Negotiation, Transport};

use super::{Door, check_token, token_of};
use crate::http::error::Result;
use crate::http::query::Query;
use crate::http::reply::Reply;

/// Says how to connect, to whoever has a token for it.
pub(super) async fn negotiate(door: &Door, request: Request<Body>) -> Result<Response<Body>> {
    let query = Query::parse(request.uri().query().unwrap_or_default());
    check_token(&door.shared, token_of(request.headers(), &query)?).await?;
    let version = query.get("negotiateVersion").and_then(|text| text.trim().parse::<u32>().ok());
    let hub: &Hub = &door.shared.hub;
    let public = hub.new_binding();
    let ticket = door.tickets.sell(hub, &public)?;
    let version = version.unwrap_or_default().min(1);
    let (connection_id, connection_token) = match version {
        // The first version has one id, which is the secret.
        0 => (ticket, None),
        _ => (public, Some(ticket)),
    };
    let answer = Negotiation {
        negotiate_version: Some(version),
        connection_id: Some(connection_id),
        connection_token,
        available_transports: Some(vec![Transport::web_sockets()]),
        ..Negotiation::default()
    };
    Ok(Reply::ok(&answer).header("cache-control", "no-store".to_owned()).into_response())
}
