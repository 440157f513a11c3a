//! Routes from the operation table. A request is authenticated and counted before a byte of its body is
//! read.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::{HeaderMap, Request as HttpRequest, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use hub::{Caller, Hub, Limiter};
use realtime::Sockets;
use wire::hubster::codes;
use wire::operation::{Body as BodyKind, Method, Operation};

use super::auth::{Talker, presented};
use super::call::{EngineCall, Handler, OpenCall, PortalCall, Request};
use super::error::{ApiError, Resource, Result};
use super::query::Query;
use super::reply::Reply;
use super::{body, cors};
use crate::config::HubsterConfig;
use crate::identity::{Audience, Tokens};
use crate::ops::handler;
use crate::signalr;

/// The paths below which everything is this dialect's, with who answers there.
const OURS: &[(&str, Resource)] = &[
    ("/api/v1/{*rest}", Resource::Portal),
    ("/inbound/{*rest}", Resource::Engine),
    ("/engine-chat-hub/{*rest}", Resource::Engine),
];

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
            on(MethodFilter::OPTIONS, |headers: HeaderMap| async move { cors::preflight(&headers) }),
        );
    }
    let mut router = router.method_not_allowed_fallback(|headers: HeaderMap| async move {
        refuse(
            &headers,
            ApiError::of(codes::NOT_IMPLEMENTED, "This path does not have this method."),
            Resource::Portal,
        )
    });
    for (path, resource) in OURS.iter().copied() {
        router = router.route(
            path,
            any(move |headers: HeaderMap| async move {
                refuse(&headers, ApiError::of(codes::NOT_FOUND, "There is nothing at this path."), resource)
            }),
        );
    }
    router
}

fn refuse(headers: &HeaderMap, error: ApiError, resource: Resource) -> Response<Body> {
    let mut response = error.into_reply(resource).into_response();
    cors::allow(headers, &mut response);
    response
}

fn route(shared: Arc<Shared>, operation: &'static Operation, handler: Handler) -> MethodRouter {
    let filter = match operation.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    };
    on(
        filter,
        move |params: std::result::Result<RawPathParams, RawPathParamsRejection>,
              request: HttpRequest<Body>| {
            let shared = shared.clone();
            async move { serve(&shared, operation, handler, params.ok(), request).await }
        },
    )
}

async fn serve(
    shared: &Shared,
    operation: &'static Operation,
    handler: Handler,
    params: Option<RawPathParams>,
    request: HttpRequest<Body>,
) -> Response<Body> {
    let headers = request.headers().clone();
    let answer = match params {
        Some(params) => answer(shared, operation, handler, params, request).await,
        None => Err(ApiError::of(codes::BAD_GUID, "The path is not valid percent-encoded UTF-8.")),
    };
    let reply = answer.unwrap_or_else(|error| error.into_reply(Resource::of(operation)));
    let mut response = reply.into_response();
    cors::allow(&headers, &mut response);
    // For the server's metrics and log.
    response.extensions_mut().insert(operation);
    response
}

async fn answer(
    shared: &Shared,
    operation: &'static Operation,
    handler: Handler,
    params: RawPathParams,
    request: HttpRequest<Body>,
) -> Result<Reply> {
    let (head, stream) = request.into_parts();
    let request = Request {
        hub: shared.hub.clone(),
        tokens: shared.tokens.clone(),
        limiter: shared.limiter.clone(),
        params: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query: Query::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        bytes: bytes::Bytes::new(),
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

/// Reads the body, if the operation has one.
async fn with_body(operation: &Operation, mut request: Request, stream: Body) -> Result<Request> {
    if operation.body != BodyKind::None {
        request.bytes = body::read(&request.headers, stream, operation.body_max_bytes).await?;
    }
    Ok(request)
}
