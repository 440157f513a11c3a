//! Answers of the server's own routes.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

use super::front::RouteName;

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// An answer with a body of some type.
pub(super) fn with_type(content_type: HeaderValue, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A refusal in the form of all errors (sunshine-v2.md §2).
pub(super) fn error(status: StatusCode, code: &str, title: &str) -> Response<Body> {
    let mut response = with_type(JSON, dialect_sunshine::error_body(code, title));
    *response.status_mut() = status;
    response
}

/// The answer to a path that nobody knows.
pub(super) async fn no_such_path() -> Response<Body> {
    error(StatusCode::NOT_FOUND, "not_found", "There is nothing at this path; /docs lists the operations")
}

/// The answer to a method that a path does not have.
pub(super) async fn no_such_method() -> Response<Body> {
    error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This path does not have this method")
}

/// The state of the server, which no cache may keep.
pub(super) fn state(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = with_type(JSON, format!("{{\"status\":\"{text}\"}}"));
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer with the name of its route, for metrics and log.
pub(super) fn named(route: &'static str, mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(RouteName(route));
    response
}
