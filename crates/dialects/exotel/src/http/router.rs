//! Routes from the operation table. A request is authenticated, checked against the operation's
//! scopes, resolved to its app and counted before a byte of its body is read.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, Response, StatusCode};
use axum::routing::{MethodRouter, any};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hub::{Caller, Hub, Limiter, Reach, Scope};
use serde_json::Value;
use wire::operation::{Body as BodyKind, Operation};

use super::auth::authenticate;
use super::call::{AppCall, CallerCall, Handler, OpenCall, Query, Request};
use super::error::{ApiError, Result};
use super::reply::respond;
use crate::config::ExotelConfig;
use crate::ops::handler;

/// What all paths of this dialect begin with.
pub const PREFIX: &str = "/v2/integrations/";

/// What every request of the dialect needs.
struct Shared {
    hub: Hub,
    limiter: Limiter,
}

/// The routes of the dialect. Whatever begins with [`PREFIX`] is answered with an envelope.
pub fn router(hub: Hub, config: &ExotelConfig) -> Router {
    let shared = Arc::new(Shared { hub, limiter: config.limiter.clone() });
    let mut router = Router::new();
    for operation in wire::exotel::OPERATIONS {
        // An operation without a handler has no route; a test compares both lists.
        let Some(handler) = handler(operation.id) else { continue };
        router = router.route(operation.path, route(shared.clone(), operation, handler));
    }
    router
        .method_not_allowed_fallback(|headers: HeaderMap| async move {
            refuse(&headers, StatusCode::METHOD_NOT_ALLOWED, "this path does not have this method")
        })
        .route(
            &format!("{PREFIX}{{*rest}}"),
            any(|headers: HeaderMap| async move {
                refuse(&headers, StatusCode::NOT_FOUND, "there is nothing at this path")
            }),
        )
}

fn refuse(headers: &HeaderMap, status: StatusCode, text: &str) -> Response<Body> {
    respond(&request_id(headers), Err(ApiError::new(status, text)))
}

/// The id under which the server logs the request; it puts it into the request's head.
fn request_id(headers: &HeaderMap) -> String {
    headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

fn route(shared: Arc<Shared>, operation: &'static Operation, handler: Handler) -> MethodRouter {
    dialect_common::route::route(operation, move |_, request| {
        let shared = shared.clone();
        async move {
            let id = request_id(request.headers());
            let outcome = answer(&shared, operation, handler, request).await;
            respond(&id, outcome)
        }
    })
}

async fn answer(
    shared: &Shared,
    operation: &'static Operation,
    handler: Handler,
    request: HttpRequest<Body>,
) -> Result<Value> {
    let (head, body) = request.into_parts();
    let query = Query::parse(head.uri.query().unwrap_or_default());
    let hub = shared.hub.clone();
    if let Handler::Open(run) = handler {
        let bytes = read(operation, body).await?;
        return run(OpenCall { request: Request { hub, query, bytes } }).await;
    }
    let caller = authenticate(&hub, &head.headers).await?;
    check_entity(operation, &caller)?;
    match (handler, &caller.reach) {
        (Handler::App(run), Reach::App { app_id }) => {
            let grant = hub.grant(caller.clone(), *app_id).await?;
            shared.limiter.check(&caller.key_id).map_err(ApiError::too_many_requests)?;
            let bytes = read(operation, body).await?;
            run(AppCall { grant, request: Request { hub, query, bytes } }).await
        }
        (Handler::Caller(run), _) => {
            shared.limiter.check(&caller.key_id).map_err(ApiError::too_many_requests)?;
            let bytes = read(operation, body).await?;
            run(CallerCall { caller, request: Request { hub, query, bytes } }).await
        }
        _ => Err(ApiError::unauthorized("the token is not one of an app")),
    }
}

/// A token of the wrong entity is as good as none.
fn check_entity(operation: &Operation, caller: &Caller) -> Result<()> {
    let (scope, entity) = match caller.scope() {
        Scope::Account => (wire::Scope::Account, "customer"),
        Scope::App => (wire::Scope::App, "app"),
        Scope::Integration => (wire::Scope::Integration, "integration"),
    };
    if operation.allows(scope) {
        return Ok(());
    }
    Err(ApiError::unauthorized(format!("a token of entity {entity} does not open this")))
}

/// Reads the body as the operation's row says. Its announced type does not matter: it is JSON.
async fn read(operation: &Operation, body: Body) -> Result<Bytes> {
    if operation.body == BodyKind::None {
        return Ok(Bytes::new());
    }
    let bytes_max = operation.body_max_bytes;
    let whole = Limited::new(body, usize::try_from(bytes_max).unwrap_or(usize::MAX)).collect().await;
    let bytes = whole.map(http_body_util::Collected::to_bytes).map_err(|error| {
        match error.downcast_ref::<LengthLimitError>() {
            Some(_) => ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is larger than {bytes_max} bytes"),
            ),
            None => ApiError::bad_request("the body ended too early"),
        }
    })?;
    match (operation.body, bytes.is_empty()) {
        (BodyKind::Json, true) => Err(ApiError::bad_request("the body is missing")),
        _ => Ok(bytes),
    }
}
