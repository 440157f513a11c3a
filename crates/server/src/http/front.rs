//! What every request passes: its id, its span, its time, its metrics, and a net for panics.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use futures::FutureExt as _;
use http::header::CONTENT_LENGTH;
use http::{Method, Request, Response, StatusCode, Uri};
use hyper::body::{Body as _, Incoming};
use tower::Service as _;
use tracing::Instrument as _;
use wire::Operation;

use super::body::TimedBody;
use super::reply;
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::telemetry::RequestMetrics;

/// The name of a route of the server itself, which its handler leaves in the answer.
#[derive(Clone, Copy)]
pub(super) struct RouteName(pub(super) &'static str);

/// What every request passes.
pub(crate) struct Front {
    router: Router,
    metrics: RequestMetrics,
}

impl Front {
    pub(crate) fn new(router: Router, metrics: RequestMetrics) -> Front {
        Front { router, metrics }
    }

    /// Answers a request; whatever happens, there is an answer.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let began = Instant::now();
        let id = RequestId::of(request.headers());
        let (method, uri) = (request.method().clone(), request.uri().clone());
        // Of the highest level, so that every line that is written has it.
        let span = tracing::error_span!("request", id = id.as_str());
        self.guarded(request, &id, &method, &uri, began).instrument(span).await
    }

    async fn guarded(
        &self,
        request: Request<Incoming>,
        id: &RequestId,
        method: &Method,
        uri: &Uri,
        began: Instant,
    ) -> Response<Body> {
        let mut request = request.map(|incoming| match incoming.is_end_stream() {
            true => Body::empty(),
            false => Body::new(TimedBody::new(incoming)),
        });
        // Dialects that show the id take it from here.
        request.headers_mut().insert(X_REQUEST_ID, id.clone().into_header());
        let routed = self.router.clone().call(request);
        let mut response = match AssertUnwindSafe(routed).catch_unwind().await {
            Ok(Ok(response)) => response,
            // The panic hook has logged it.
            Err(_) => reply::error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", ""),
        };
        if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
            with_request_id(&mut response, id, uri);
        }
        let operation = operation_of(&response);
        response.headers_mut().insert(X_REQUEST_ID, id.clone().into_header());
        let took = began.elapsed();
        self.metrics.count(operation, response.status().as_u16(), took);
        log(&response, operation, method, uri, took);
        response
    }
}

/// The operation that answered, for labels and lines.
fn operation_of(response: &Response<Body>) -> Option<&'static str> {
    let extensions = response.extensions();
    let operation = extensions.get::<&'static Operation>().map(|operation| operation.id);
    operation.or_else(|| extensions.get::<RouteName>().map(|route| route.0))
}

/// A fault of ours shows nothing but where to look for it, in the form of whoever answers at the path.
fn with_request_id(response: &mut Response<Body>, id: &RequestId, uri: &Uri) {
    let title = format!("Internal error; the log has it under request {}", id.as_str());
    let body = match dialect_hubster::internal_error_body(uri.path(), id.as_str()) {
        Some(body) => body,
        None if uri.path().starts_with(dialect_exotel::PREFIX) => {
            dialect_exotel::error_body(id.as_str(), StatusCode::INTERNAL_SERVER_ERROR, &title)
        }
        None => dialect_sunshine::error_body("internal_error", &title),
    };
    *response.body_mut() = Body::from(body);
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(http::header::CONTENT_TYPE, reply::JSON);
}

fn log(
    response: &Response<Body>,
    operation: Option<&'static str>,
    method: &Method,
    uri: &Uri,
    took: Duration,
) {
    let (status, operation, path) = (response.status(), operation.unwrap_or("none"), uri.path());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::warn!(%method, path, status = status.as_u16(), operation, took_us, "failed");
    } else if status.is_client_error() {
        tracing::info!(%method, path, status = status.as_u16(), operation, took_us, "refused");
    } else {
        tracing::debug!(%method, path, status = status.as_u16(), operation, took_us, "answered");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_in_the_form_of_its_path() {
        for (path, wanted) in [
            ("/api/v1/hubs", "(code: PRT000100)"),
            ("/api/v1/conversations/establish", "(code: ENG000100)"),
            ("/connect/token", "(code: IDT000100)"),
            ("/v2/apps", "internal_error"),
        ] {
            let id = RequestId::of(&http::HeaderMap::new());
            let mut response = reply::error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "");
            with_request_id(&mut response, &id, &Uri::from_static(path));
            let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains(wanted) && body.contains(id.as_str()), "{path}: {body}");
        }
    }
}
