//! Routes from the operation table. A request is authenticated and counted before a byte of its body is
//! read.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, Response, Uri};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use dialect_common::cors::Cors;
use dialect_common::pieces::Unread;
use dialect_common::route::PathParams;
use hub::{Caller, Hub, Limiter};
use realtime::Sockets;
use wire::hubster::codes;
use wire::operation::{Body as BodyKind, Operation};

use super::auth::{Talker, presented};
use super::call::{EngineCall, Handler, OpenCall, PortalCall, Request};
use super::error::{ApiError, Resource, Result};
use super::query::Query;
use super::reply::Reply;
use crate::config::HubsterConfig;
use crate::identity::{Audience, Tokens};
use crate::ops::handler;
use crate::signalr;

/// The paths below which everything is this dialect's.
const OURS: &[&str] = &["/api/v1/{*rest}", "/inbound/{*rest}", "/engine-chat-hub/{*rest}"];

/// Pages of other origins may call every route (hubster.md §2). Which origins may speak through a WebChat
/// integration is another question, answered where its token is used.
pub(crate) const CORS: Cors = Cors {
    headers: "authorization, content-type, x-requested-with, x-signalr-user-agent",
    credentials: true,
};

/// What every request of the dialect needs.
pub(crate) struct Shared {
    pub(crate) hub: Hub,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) limiter: Limiter,
    pub(crate) sockets: Sockets,
}

/// The routes of the dialect.
pub fn router(hub: Hub, sockets: Sockets, config: &HubsterConfig) -> Router {
    let shared = Arc::new(Shared { hub, tokens: Arc::default(), limiter: config.limiter.clone(), sockets });
    let mut router = signalr::routes(&shared);
    let mut paths = BTreeSet::new();
    for operation in wire::hubster::OPERATIONS {
        // An operation without a handler has no route; a test compares both lists.
        let Some(handler) = handler(operation.id) else { continue };
        router = router.route(operation.path, route(shared.clone(), operation, handler));
        paths.insert(operation.path);
    }
    for path in paths {
        router = router.route(
            path,
            on(MethodFilter::OPTIONS, |headers: HeaderMap| async move { CORS.preflight(&headers) }),
        );
    }
    let mut router = router.method_not_allowed_fallback(|uri: Uri, headers: HeaderMap| async move {
        let error = ApiError::of(codes::NOT_IMPLEMENTED, "This path does not have this method.");
        refuse(&uri, &headers, error)
    });
    for path in OURS.iter().copied() {
        router = router.route(
            path,
            any(|uri: Uri, headers: HeaderMap| async move {
                refuse(&uri, &headers, ApiError::of(codes::NOT_FOUND, "There is nothing at this path."))
            }),
        );
    }
    router
}

/// Refuses what has no operation, in the words of whoever answers at the path.
fn refuse(uri: &Uri, headers: &HeaderMap, error: ApiError) -> Response<Body> {
    let resource = Resource::at(uri.path()).unwrap_or(Resource::Portal);
    let mut response = error.into_reply(resource, headers).into_response();
    CORS.allow(headers, &mut response);
    response
}

fn route(shared: Arc<Shared>, operation: &'static Operation, handler: Handler) -> MethodRouter {
    dialect_common::route::route(operation, move |params, request| {
        let shared = shared.clone();
        async move {
            let headers = request.headers().clone();
            let answer = match params {
                Some(params) => answer(&shared, operation, handler, params, request).await,
                None => Err(ApiError::of(codes::BAD_GUID, "The path is not valid percent-encoded UTF-8.")),
            };
            let refused = |error: ApiError| error.into_reply(Resource::of(operation), &headers);
            let reply = answer.unwrap_or_else(refused);
            let mut response = reply.into_response();
            CORS.allow(&headers, &mut response);
            response
        }
    })
}

async fn answer(
    shared: &Shared,
    operation: &'static Operation,
    handler: Handler,
    params: PathParams,
    request: HttpRequest<Body>,
) -> Result<Reply> {
    let (head, stream) = request.into_parts();
    let request = Request {
        hub: shared.hub.clone(),
        tokens: shared.tokens.clone(),
        limiter: shared.limiter.clone(),
        operation,
        params,
        query: Query::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        bytes: bytes::Bytes::new(),
        stream: Unread::default(),
    };
    match handler {
        Handler::Open(run) => run(OpenCall { request: with_body(operation, request, stream).await? }).await,
        Handler::Portal(run) => {
            let caller = caller(shared, &request, Audience::Portal).await?;
            run(PortalCall { caller, request: with_body(operation, request, stream).await? }).await
        }
        Handler::Engine(run) => {
            let shown = presented(&request.headers)?;
            let Talker { caller, visitor } = shared.talker(shown, &request.headers, operation.scopes).await?;
            run(EngineCall { caller, visitor, request: with_body(operation, request, stream).await? }).await
        }
    }
}

/// Who calls, if the token opens the resource and the client is not too fast.
async fn caller(shared: &Shared, request: &Request, audience: Audience) -> Result<Arc<Caller>> {
    let token = presented(&request.headers)?;
    let caller = shared.tokens.verify(&shared.hub, token, audience).await?.caller;
    shared.limiter.check(&caller.key_id).map_err(ApiError::TooFast)?;
    Ok(caller)
}

/// Reads the body, if the operation has one; files are read by whoever takes them in.
async fn with_body(operation: &Operation, mut request: Request, stream: Body) -> Result<Request> {
    match operation.body {
        BodyKind::None => {}
        BodyKind::Multipart => request.stream = Unread::new(stream),
        _ => {
            request.bytes =
                dialect_common::body::read(&request.headers, stream, operation.body_max_bytes).await?
        }
    }
    Ok(request)
}
