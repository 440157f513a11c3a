//! Errors end here: from the hub's kinds to status and text of an envelope.

use axum::http::StatusCode;
use dialect_common::body::ReadError;
use hub::token::TokenError;
use hub::{HubError, Thing};
use wire::BodyError;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    pub(crate) retry_after_s: Option<u64>,
}

pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    pub(crate) fn new(status: StatusCode, text: impl Into<String>) -> ApiError {
        ApiError { status, text: text.into(), retry_after_s: None }
    }

    /// 400: the request is wrong; the text names the field.
    pub(crate) fn bad_request(text: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, text)
    }

    /// 401: the caller could not be told, or the token is of the other entity.
    pub(crate) fn unauthorized(text: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, text)
    }

    /// 429: too many requests with this key.
    pub(crate) fn too_many_requests(retry_after_s: u64) -> ApiError {
        let text = "Too many requests with this key or id; wait as Retry-After says";
        let retry_after_s = Some(retry_after_s);
        ApiError { retry_after_s, ..ApiError::new(StatusCode::TOO_MANY_REQUESTS, text) }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> ApiError {
        match error {
            ReadError::TooLarge(bytes_max) => {
                let text = format!("the body is larger than {bytes_max} bytes");
                ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, text)
            }
            ReadError::EndedEarly => ApiError::bad_request("the body ended too early"),
        }
    }
}

impl From<HubError> for ApiError {
    fn from(error: HubError) -> ApiError {
        let text = error.to_string();
        match error {
            // The app of a token is gone, or never was the caller's: the token opens nothing.
            HubError::NotFound(Thing::App | Thing::Account) | HubError::Forbidden(_) => {
                ApiError::unauthorized(text)
            }
            HubError::NotFound(_) => ApiError::new(StatusCode::NOT_FOUND, text),
            HubError::Invalid(_)
            | HubError::TooMany { .. }
            | HubError::Full { .. }
            | HubError::Switchboard { .. } => ApiError::bad_request(text),
            HubError::Conflict(_)
            | HubError::Repeated { .. }
            | HubError::NameTaken(_)
            | HubError::AccountTaken { .. }
            | HubError::Paused
            | HubError::NobodyAnswers
            | HubError::Closed
            | HubError::OwnTarget
            | HubError::Terminated => ApiError::new(StatusCode::CONFLICT, text),
            HubError::Coming => {
                let retry_after_s = Some(1);
                ApiError { retry_after_s, ..ApiError::new(StatusCode::NOT_FOUND, text) }
            }
            HubError::Busy => {
                let retry_after_s = Some(1);
                ApiError { retry_after_s, ..ApiError::new(StatusCode::SERVICE_UNAVAILABLE, text) }
            }
            HubError::Internal(source) => {
                tracing::error!(error = %source, "a request failed inside");
                ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, text)
            }
        }
    }
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> ApiError {
        match error {
            TokenError::Unsigned(_) => {
                tracing::error!(%error, "a token could not be signed");
                ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
            }
            refused => ApiError::unauthorized(refused.to_string()),
        }
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> ApiError {
        ApiError::bad_request(error.to_string())
    }
}
