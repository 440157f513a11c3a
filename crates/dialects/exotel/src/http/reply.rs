//! The envelope around every answer.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use wire::exotel::settings::Success;
use wire::exotel::types::{Envelope, Status};

use super::call::Data;
use super::error::Result;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The answer to a request of this id.
pub(crate) fn respond(request_id: &str, outcome: Result<Data>) -> Response<Body> {
    match outcome {
        Ok(data) => response(StatusCode::OK, envelope(request_id, StatusCode::OK, "", Some(data))),
        Err(refusal) => {
            let mut answer =
                response(refusal.status, envelope(request_id, refusal.status, &refusal.text, None));
            if let Some(seconds) = refusal.retry_after_s {
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            answer
        }
    }
}

/// The answer of one of the newer operations: without an envelope, unless it is a refusal.
pub(crate) fn respond_newer(request_id: &str, outcome: Result<Data>) -> Response<Body> {
    match outcome {
        Ok(data) => {
            response(StatusCode::OK, serde_json::to_vec(&Success { success: true, data }).unwrap_or_default())
        }
        refusal => respond(request_id, refusal),
    }
}

/// The body of a refusal, for whoever has to answer on this dialect's paths.
pub fn error_body(request_id: &str, status: StatusCode, text: &str) -> Vec<u8> {
    envelope(request_id, status, text, None)
}

fn envelope(request_id: &str, code: StatusCode, error: &str, data: Option<Data>) -> Vec<u8> {
    let status = if code.is_success() { Status::Success } else { Status::Failed };
    let (request_id, code, error) = (request_id.to_owned(), code.as_u16(), error.to_owned());
    serde_json::to_vec(&Envelope { request_id, status, code, error, data }).unwrap_or_default()
}

fn response(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}
