//! What came back, and what becomes of it.

use std::error::Error as _;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::RETRY_AFTER;
use serde::de::DeserializeOwned;
use wire::Operation;

use crate::error::{Error, Refusal, one_line};
use crate::form::Form;
use crate::retry::{Outcome, Retry, retry_after};

/// Largest answer that is read, in bytes: a page of 100 messages of 100 kB each fits several times.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) operation: &'static Operation,
    pub(crate) form: Form,
    /// Whether a repeat does no harm whatever the method.
    pub(crate) harmless: bool,
}

/// What becomes of an attempt.
pub(crate) enum Attempt<T> {
    /// It was the last.
    Done(Result<T, Error>),
    /// There is another, after a pause.
    Again { pause: Duration, error: Error },
}

/// Sends a request and reads the whole answer.
pub(crate) async fn read(
    request: reqwest::RequestBuilder,
    operation: &'static str,
    after: Duration,
) -> Result<Answer, Error> {
    let lost = |error: reqwest::Error| {
        if error.is_timeout() && !error.is_connect() {
            return Error::TimedOut { operation, after };
        }
        if error.is_builder() {
            return Error::Invalid(format!("{operation}: {}", reason(&error)));
        }
        Error::Unreachable { operation, reason: reason(&error), source: Box::new(error.without_url()) }
    };
    let mut response = request.send().await.map_err(lost)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            let reason = format!("longer than {ANSWER_BYTES_MAX} bytes");
            return Err(Error::Unreadable { operation, status, reason, request_id: request_id(&headers) });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, bytes: bytes.freeze() })
}

/// Decides whether an attempt was the last, and what the caller gets.
pub(crate) fn judge<T: DeserializeOwned>(
    came: Result<Answer, Error>,
    asked: &Asked,
    retry: &Retry,
    attempt: u32,
) -> Attempt<T> {
    let operation = asked.operation;
    let (outcome, error) = match came {
        Ok(answer) if (200..300).contains(&answer.status) => {
            tracing::debug!(status = answer.status, request_id = request_id(&answer.headers), "done");
            return Attempt::Done(value(&answer, asked));
        }
        Ok(answer) => {
            let refusal = refusal(&answer, asked.form);
            let outcome = Outcome::Answered(refusal.status, refusal.retry_after);
            (outcome, Error::Refused { operation: operation.id, refusal: Box::new(refusal) })
        }
        Err(error @ (Error::TimedOut { .. } | Error::Unreachable { .. })) => (Outcome::Lost, error),
        Err(error) => return Attempt::Done(Err(error)),
    };
    match retry.next(attempt, operation.method, asked.harmless, outcome, rand::random()) {
        Some(pause) => Attempt::Again { pause, error },
        None => Attempt::Done(Err(error)),
    }
}

fn value<T: DeserializeOwned>(answer: &Answer, asked: &Asked) -> Result<T, Error> {
    asked.form.value(&answer.bytes).map_err(|error| Error::Unreadable {
        operation: asked.operation.id,
        status: answer.status,
        // It may quote what came.
        reason: one_line(&error.to_string()),
        request_id: request_id(&answer.headers),
    })
}

pub(crate) fn refusal(answer: &Answer, form: Form) -> Refusal {
    let told = form.reasons(&answer.bytes);
    let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    Refusal {
        status: answer.status,
        errors: told.reasons,
        request_id: request_id(&answer.headers).or(told.request_id),
        retry_after: asked.and_then(retry_after),
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get("x-request-id").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The innermost reason: the outer ones only say that a request failed.
fn reason(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match error.source() {
        Some(_) => innermost.to_string(),
        None => "the request failed".to_owned(),
    }
}
