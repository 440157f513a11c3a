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
        Reply::of(StatusCode::OK, body)
    }

    /// 201 with a body.
    pub(crate) fn created(body: &impl Serialize) -> Reply {
        Reply::of(StatusCode::CREATED, body)
    }

    /// 200 with `{}`, where the description answers an object without a type (sunshine-v2.md §0.7).
    pub(crate) fn empty() -> Reply {
        Reply::json(StatusCode::OK, b"{}".to_vec())
    }

    /// A redirection with 302.
    pub(crate) fn redirect(location: &str) -> Reply {
        Reply::json(StatusCode::FOUND, Vec::new()).header("location", location.to_owned())
    }

    /// A page for people.
    pub(crate) fn html(status: StatusCode, page: String) -> Reply {
        let reply = Reply { status, body: page.into_bytes(), headers: Vec::new() };
        reply.header("content-type", "text/html; charset=utf-8".to_owned())
    }

    fn of(status: StatusCode, body: &impl Serialize) -> Reply {
        match serde_json::to_vec(body) {
            Ok(body) => Reply::json(status, body),
            Err(error) => {
                tracing::error!(%error, "a reply could not be written");
                let body = super::error::error_body("internal_error", "Internal error");
                Reply::json(StatusCode::INTERNAL_SERVER_ERROR, body)
            }
        }
    }

    pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Reply {
        Reply { status, body, headers: Vec::new() }
    }

    /// The same with another header; a value that is no header value is left out.
    pub(crate) fn header(mut self, name: &'static str, value: String) -> Reply {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, JSON);
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
