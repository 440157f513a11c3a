//! What a handler answers.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use serde::Serialize;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// A reply, ready to be sent.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Vec<u8>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// 200 with a body.
    pub(crate) fn ok(body: &impl Serialize) -> Reply {
        Reply::with_status(200, body)
    }

    /// 200 without a body.
    pub(crate) fn empty() -> Reply {
        Reply { status: StatusCode::OK, body: Vec::new(), headers: Vec::new() }
    }

    /// Any status with a body.
    pub(crate) fn with_status(status: u16, body: &impl Serialize) -> Reply {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match serde_json::to_vec(body) {
            Ok(body) => Reply { status, body, headers: Vec::new() },
            Err(error) => {
                tracing::error!(%error, "a reply could not be written");
                Reply { status: StatusCode::INTERNAL_SERVER_ERROR, body: Vec::new(), headers: Vec::new() }
            }
        }
    }

    /// The same with another header; a value that is no header value is left out.
    pub(crate) fn header(mut self, name: &'static str, value: String) -> Reply {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    /// The body as it will be sent.
    #[cfg(test)]
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let has_body = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        if has_body {
            response.headers_mut().insert(CONTENT_TYPE, JSON);
        }
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
