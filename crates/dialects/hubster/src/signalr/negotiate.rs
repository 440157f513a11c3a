//! `POST /engine-chat-hub/negotiate` (hubster.md §6.2).

use axum::body::Body;
use axum::http::{Request, Response};
use hub::Hub;
use serde_json::json;

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
    let transports = json!([{ "transport": "WebSockets", "transferFormats": ["Text", "Binary"] }]);
    let answer = match version.unwrap_or_default() {
        // The first version has one id, which is the secret.
        0 => json!({ "negotiateVersion": 0, "connectionId": ticket, "availableTransports": transports }),
        _ => json!({
            "negotiateVersion": 1, "connectionId": public, "connectionToken": ticket,
            "availableTransports": transports,
        }),
    };
    Ok(Reply::ok(&answer).header("cache-control", "no-store".to_owned()).into_response())
}
