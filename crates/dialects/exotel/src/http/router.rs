//! Routes from the operation table. A request is authenticated, checked against the operation's
//! scopes, resolved to its app and counted before a byte of its body is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, Response, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use bytes::Bytes;
use dialect_common::cors::Cors;
use hub::{Caller, Hub, Reach, Scope};
use wire::operation::{Body as BodyKind, Operation};

use super::auth::authenticate;
use super::call::{AppCall, CallerCall, Data, Handler, OpenCall, Params, Query, Request};
use super::error::{ApiError, Result};
use super::reply::{respond, respond_newer};
use crate::config::ExotelConfig;
use crate::ops::{counted_together, handler, read_id};

/// What all paths of this dialect begin with.
pub const PREFIX: &str = "/v2/integrations/";

/// The vendor's SDK runs in pages of any origin, and sends its token as a header.
const CORS: Cors = Cors { headers: "authorization, content-type", credentials: false };

/// What every request of the dialect needs.
struct Shared {
    hub: Hub,
    config: ExotelConfig,
}

/// The routes of the dialect. Whatever begins with [`PREFIX`], and the prefix
/// alone, is answered with an envelope.
pub fn router(hub: Hub, config: &ExotelConfig) -> Router {
    let shared = Arc::new(Shared { hub, config: config.clone() });
    let (mut router, mut paths) = (Router::new(), BTreeSet::new());
    for operation in wire::exotel::OPERATIONS {
        // An operation without a handler has no route; a test compares both lists.
        let Some(handler) = handler(operation.id) else { continue };
        router = router.route(operation.path, route(shared.clone(), operation, handler));
        paths.insert(operation.path);
    }
    for path in paths {
        let preflight = |headers: HeaderMap| async move { CORS.preflight(&headers) };
        router = router.route(path, on(MethodFilter::OPTIONS, preflight));
    }
    // One more or fewer parts than an operation has; the name is that of the operations' first part.
    router = router.route(PREFIX.trim_end_matches('/'), any(nothing_here));
    for rest in ["", "{customer_id}", "{customer_id}/", "{customer_id}/{*rest}"] {
        router = router.route(&format!("{PREFIX}{rest}"), any(nothing_here));
    }
    router.method_not_allowed_fallback(|headers: HeaderMap| async move {
        refuse(&headers, StatusCode::METHOD_NOT_ALLOWED, "this path does not have this method")
    })
}

async fn nothing_here(headers: HeaderMap) -> Response<Body> {
    refuse(&headers, StatusCode::NOT_FOUND, "there is nothing at this path")
}

fn refuse(headers: &HeaderMap, status: StatusCode, text: &str) -> Response<Body> {
    let mut response = respond(&request_id(headers), Err(ApiError::new(status, text)));
    CORS.allow(headers, &mut response);
    response
}

/// The id under which the server logs the request; it puts it into a header of the request.
fn request_id(headers: &HeaderMap) -> String {
    headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

fn route(shared: Arc<Shared>, operation: &'static Operation, handler: Handler) -> MethodRouter {
    dialect_common::route::route(operation, move |params, request| {
        let shared = shared.clone();
        async move {
            let headers = request.headers().clone();
            let id = request_id(&headers);
            let outcome = match params {
                Some(params) => answer(&shared, operation, handler, Params(params), request).await,
                None => Err(ApiError::bad_request("The path is not valid percent-encoded UTF-8")),
            };
            let mut response = match handler {
                Handler::Newer(_) => respond_newer(&id, outcome),
                _ => respond(&id, outcome),
            };
            CORS.allow(&headers, &mut response);
            response
        }
    })
}

async fn answer(
    shared: &Shared,
    operation: &'static Operation,
    handler: Handler,
    params: Params,
    request: HttpRequest<Body>,
) -> Result<Data> {
    let (head, body) = request.into_parts();
    let query = Query::parse(head.uri.query().unwrap_or_default());
    let Shared { hub, config } = shared;
    let with = |bytes| Request { hub: hub.clone(), config: config.clone(), query, params, bytes };
    let count = |key: &str| config.limiter.check(key).map_err(ApiError::too_many_requests);
    if let Handler::Open(run) = handler {
        counted_together(operation.id).map_or(Ok(()), count)?;
        return run(OpenCall { request: with(read(operation, &head.headers, body).await?) }).await;
    }
    let caller = authenticate(hub, &head.headers).await?;
    check_entity(operation, &caller)?;
    match (handler, &caller.reach) {
        (Handler::App(run) | Handler::Newer(run), Reach::App { app_id }) => {
            let grant = hub.grant(caller.clone(), *app_id).await?;
            count(&caller.key_id)?;
            let call = AppCall { grant, request: with(read(operation, &head.headers, body).await?) };
            if matches!(handler, Handler::Newer(_)) {
                check_path(&call).await?;
            }
            run(call).await
        }
        (Handler::Caller(run), _) => {
            count(&caller.key_id)?;
            run(CallerCall { caller, request: with(read(operation, &head.headers, body).await?) }).await
        }
        _ => Err(ApiError::unauthorized("the token is not one of an app")),
    }
}

/// A path that names another customer or app than the token's is as good as no token.
async fn check_path(call: &AppCall) -> Result<()> {
    let named = |name| read_id(call.request.params.text(name));
    if named("app_id") == Some(call.grant.app.id)
        && named("customer_id") == Some(call.request.hub.account(&call.grant.caller).await?.id)
    {
        return Ok(());
    }
    Err(ApiError::unauthorized("the token is not one of this customer's app"))
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
async fn read(operation: &Operation, headers: &HeaderMap, body: Body) -> Result<Bytes> {
    if operation.body == BodyKind::None {
        return Ok(Bytes::new());
    }
    let bytes = dialect_common::body::read(headers, body, operation.body_max_bytes).await?;
    match (operation.body, bytes.is_empty()) {
        (BodyKind::Json, true) => Err(ApiError::bad_request("the body is missing")),
        _ => Ok(bytes),
    }
}
