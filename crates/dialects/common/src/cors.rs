//! Pages of other origins that call a dialect's routes.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN, VARY,
};
use axum::http::{HeaderMap, Response, StatusCode};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE, OPTIONS");
/// How long a browser need not ask again, seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");

/// What a dialect lets pages of any origin do.
#[derive(Clone, Copy, Debug)]
pub struct Cors {
    /// Headers that a page may send, in small letters, with commas between.
    pub headers: &'static str,
    /// Whether a page may send cookies; clients of some vendors say that they do.
    pub credentials: bool,
}

impl Cors {
    /// Lets the page that asked read the answer.
    pub fn allow(self, request: &HeaderMap, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = request.get(ORIGIN) else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }

    /// The answer to the question that a browser asks beforehand.
    pub fn preflight(self, request: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        self.allow(request, &mut response);
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(self.headers));
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        response
    }
}
