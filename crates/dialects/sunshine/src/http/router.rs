//! Routes from the operation tables. A request is authenticated, checked against the operation's
//! scopes, resolved to its app and counted before a byte of its body is read.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request as HttpRequest, StatusCode};
use axum::routing::MethodRouter;
use bytes::Bytes;
use dialect_common::pieces::Unread;
use dialect_common::route::PathParams;
use futures::FutureExt as _;
use hub::{Caller, Hub, Limiter, Once, Scope};
use model::Id;
use wire::operation::{Auth, Body as BodyKind, Method, Operation};

use super::auth::authenticate;
use super::body;
use super::call::{AppCall, CallerCall, Handler, OpenCall, Params, Repeat, Request, USER};
use super::error::{ApiError, Result};
use super::query::Query;
use super::reply::Reply;
use crate::config::SunshineConfig;
use crate::ops::{handler, replay};

/// Longest idempotency key, in bytes.
const IDEMPOTENCY_KEY_BYTES_MAX: usize = 255;

/// What every request of the dialect needs.
struct Shared {
    hub: Hub,
    limiter: Limiter,
}

/// The routes of the dialect: Sunshine's operations and our own, with and without `/sc` in front.
pub fn router(hub: Hub, config: &SunshineConfig) -> Router {
    let shared = Arc::new(Shared { hub, limiter: config.limiter.clone() });
    let operations = wire::sunshine::OPERATIONS.iter().chain(wire::crosspoint::OPERATIONS);
    let operations = operations.chain(wire::crosspoint::FORMS);
    let mut router = Router::new();
    for operation in operations {
        // An operation without a handler has no route; a test compares both lists.
        let Some(handler) = handler(operation.id) else { continue };
        let route = route(shared.clone(), operation, handler);
        router = router.route(operation.path, route.clone());
        router = router.route(&format!("/sc{}", operation.path), route);
    }
    router.method_not_allowed_fallback(|| async {
        let title = "This path does not have this method";
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", title)
            .into_reply()
            .into_response()
    })
}

/// PostMessage alone, answered without the store: the floor under what the bench measures.
#[doc(hidden)]
pub fn floor_router(hub: Hub) -> Router {
    let shared = Arc::new(Shared { hub, limiter: Limiter::default() });
    let Some(operation) = wire::sunshine::operation("PostMessage") else { return Router::new() };
    let handler = Handler::App(|call: AppCall| crate::ops::post_message_without_store(call).boxed());
    Router::new().route(operation.path, route(shared, operation, handler))
}

fn route(shared: Arc<Shared>, operation: &'static Operation, handler: Handler) -> MethodRouter {
    dialect_common::route::route(operation, move |params, request| {
        let shared = shared.clone();
        async move {
            let answer = match params {
                Some(params) => answer(&shared, operation, handler, params, request).await,
                None => Err(ApiError::bad_request("The path is not valid percent-encoded UTF-8")),
            };
            answer.unwrap_or_else(ApiError::into_reply).into_response()
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
    if params.iter().any(|(_, value)| value.is_empty()) {
        // An empty segment names nothing: the path is another one, and there is nothing at it.
        return Err(ApiError::no_such_path());
    }
    let (head, stream) = request.into_parts();
    let request = Request {
        hub: shared.hub.clone(),
        limiter: shared.limiter.clone(),
        operation,
        params: Params {
            values: params,
            user_as_form: dialect_common::route::read_as_form(operation, head.uri.path(), USER),
        },
        query: Query::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        bytes: Bytes::new(),
        stream: Unread::default(),
        path: head.uri.path().to_owned(),
        target: head.uri.path_and_query().map(|target| target.as_str().to_owned()).unwrap_or_default(),
    };
    if operation.auth == Auth::None {
        let request = with_body(request, stream).await?;
        return match handler {
            Handler::Open(run) => run(OpenCall { request }).await,
            Handler::App(_) | Handler::Caller(_) => Err(ApiError::unauthorized("Authorization is required")),
        };
    }
    let caller = authenticate(&shared.hub, &request.headers).await?;
    check_scope(operation, &caller)?;
    match handler {
        Handler::App(run) => {
            let app_id = app_id(&request.params, &caller)?;
            let grant = shared.hub.grant(caller.clone(), app_id).await?;
            check_rate(shared, &caller)?;
            let request = with_body(request, stream).await?;
            let Some(once) = once(&request)? else { return run(AppCall { grant, request }).await };
            let grant = grant.once(once);
            let repeat = Repeat::of(&request, grant.clone());
            let answer = run(AppCall { grant, request }).await;
            match answer.as_ref().err().and_then(ApiError::repeated) {
                Some(result) => replay(operation.id, repeat.with(result)).await,
                None => answer,
            }
        }
        Handler::Caller(run) => {
            check_rate(shared, &caller)?;
            let request = with_body(request, stream).await?;
            let once = once(&request)?;
            let answer = run(CallerCall { caller: caller.clone(), once, request }).await;
            match answer.as_ref().err().and_then(ApiError::repeated) {
                Some(result) => replay_of_app(shared, operation, caller, result).await,
                None => answer,
            }
        }
        Handler::Open(run) => run(OpenCall { request: with_body(request, stream).await? }).await,
    }
}

/// Answers a repeat of a request that made an app, of which there is no grant before.
async fn replay_of_app(
    shared: &Shared,
    operation: &Operation,
    caller: Arc<Caller>,
    app_id: &str,
) -> Result<Reply> {
    let app_id = app_id.parse().map_err(|_| ApiError::not_found(hub::Thing::App))?;
    let grant = shared.hub.grant(caller, app_id).await?;
    replay(operation.id, Repeat::of_app(shared.hub.clone(), grant)).await
}

/// The app of the path; for operations without one, the caller's own.
fn app_id(params: &Params, caller: &Caller) -> Result<Id> {
    let text = params.text("appId");
    let own = match &caller.reach {
        hub::Reach::Account => None,
        hub::Reach::App { app_id } | hub::Reach::Integration { app_id, .. } => Some(*app_id),
    };
    match (text, own) {
        ("", Some(own)) => Ok(own),
        (text, own) => text.parse().map_err(|_| match own {
            Some(_) => ApiError::forbidden("This key does not open the app"),
            None => ApiError::not_found(hub::Thing::App),
        }),
    }
}

fn check_scope(operation: &Operation, caller: &Caller) -> Result<()> {
    let scope = match caller.scope() {
        Scope::Account => wire::Scope::Account,
        Scope::App => wire::Scope::App,
        Scope::Integration => wire::Scope::Integration,
    };
    if operation.allows(scope) {
        return Ok(());
    }
    Err(ApiError::forbidden(format!("{} is not open to keys of scope {}", operation.id, scope.as_str())))
}

fn check_rate(shared: &Shared, caller: &Caller) -> Result<()> {
    shared.limiter.check(&caller.key_id).map_err(ApiError::too_many_requests)
}

/// Reads the body as the operation's row says.
async fn with_body(mut request: Request, stream: Body) -> Result<Request> {
    match request.operation.body {
        BodyKind::None => {}
        BodyKind::Multipart => request.stream = Unread::new(stream),
        // No operation of these tables reads its body by itself.
        BodyKind::AnyJson => {}
        BodyKind::Json | BodyKind::OptionalJson | BodyKind::JsonOrForm | BodyKind::Form => {
            let bytes_max = request.operation.body_max_bytes;
            let bytes = dialect_common::body::read(&request.headers, stream, bytes_max).await?;
            request.bytes = as_announced(request.operation.body, &request.headers, bytes)?;
        }
    }
    Ok(request)
}

/// The body, if it is of a type that the operation takes; the fields of a form as JSON.
fn as_announced(kind: BodyKind, headers: &HeaderMap, bytes: Bytes) -> Result<Bytes> {
    let (is_json, is_form) = (body::is_json(headers), body::is_form(headers));
    let refused = |title: &str| Err(ApiError::unsupported_media_type(title));
    match kind {
        BodyKind::OptionalJson if bytes.is_empty() => Ok(bytes),
        _ if bytes.is_empty() => Err(ApiError::bad_request("The body is missing")),
        BodyKind::Form if is_form => Ok(bytes),
        BodyKind::Form => refused("The body must be of type application/x-www-form-urlencoded"),
        BodyKind::JsonOrForm if is_form => Ok(body::form_as_json(&bytes)),
        _ if is_json => Ok(bytes),
        _ => refused("The body must be of type application/json"),
    }
}

/// The idempotency key of a POST, if it has one.
fn once(request: &Request) -> Result<Option<Once>> {
    let Some(key) = request.headers.get("idempotency-key") else { return Ok(None) };
    if request.operation.method != Method::Post || request.stream.is_some() {
        return Ok(None);
    }
    let key = key.to_str().ok().filter(|key| (1..=IDEMPOTENCY_KEY_BYTES_MAX).contains(&key.len()));
    let key = key.ok_or_else(|| {
        ApiError::bad_request(format!(
            "Idempotency-Key: must have 1 to {IDEMPOTENCY_KEY_BYTES_MAX} characters"
        ))
    })?;
    Ok(Some(Once::new(key, request.operation.method.as_str(), &request.target, &request.bytes)))
}
