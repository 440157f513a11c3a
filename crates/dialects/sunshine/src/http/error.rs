//! Errors end here: from the hub's kinds to `{"errors":[{"code","title"}]}` (sunshine-v2.md §2).

use axum::http::StatusCode;
use dialect_common::body::ReadError;
use dialect_common::form::FormError;
use dialect_common::text::sentence;
use hub::{HubError, Thing};
use serde::Serialize;
use wire::BodyError;

use super::reply::Reply;

/// An error in the vendor's form.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: String,
    retry_after_s: Option<u64>,
    /// The first result of a request that was made before.
    repeated: Option<String>,
}

pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

#[derive(Serialize)]
struct Envelope<'a> {
    errors: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    title: &'a str,
}

/// The body of an error.
pub fn error_body(code: &str, title: &str) -> Vec<u8> {
    let envelope = Envelope { errors: [Entry { code, title }] };
    serde_json::to_vec(&envelope).unwrap_or_default()
}

impl From<FormError> for ApiError {
    fn from(error: FormError) -> ApiError {
        match error {
            FormError::NoForm | FormError::Rejected(_) => ApiError::unsupported_media_type(error.to_string()),
            FormError::Broken(_) | FormError::NoPart(_) => ApiError::bad_request(error.to_string()),
            FormError::TooLarge(bytes_max) => ApiError::too_large(bytes_max),
            FormError::Empty => ApiError::bad_request(format!("source: {error}")),
            FormError::Hub(error) => error.into(),
        }
    }
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> ApiError {
        ApiError { status, code, title: title.into(), retry_after_s: None, repeated: None }
    }

    /// 400: the request is wrong; the title names the field.
    pub(crate) fn bad_request(title: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "bad_request", title)
    }

    /// 401: the caller could not be told.
    pub(crate) fn unauthorized(title: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", title)
    }

    /// 403: the caller may not.
    pub(crate) fn forbidden(title: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, "forbidden", title)
    }

    /// 404: there is no such thing, or no such path.
    pub(crate) fn not_found(thing: Thing) -> ApiError {
        ApiError::new(
            StatusCode::NOT_FOUND,
            not_found_code(thing),
            sentence(&format!("{} not found", thing.word())),
        )
    }

    /// 404: nothing is behind the path.
    pub(crate) fn no_such_path() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this path")
    }

    /// 413: more bytes than the operation takes.
    pub(crate) fn too_large(bytes_max: u64) -> ApiError {
        let title = format!("The body is larger than {bytes_max} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "request_entity_too_large", title)
    }

    /// 415: a type that the operation does not take.
    pub(crate) fn unsupported_media_type(title: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", title)
    }

    /// 429: too many requests with this key.
    pub(crate) fn too_many_requests(retry_after_s: u64) -> ApiError {
        let title = "Too many requests with this key; wait as Retry-After says";
        let mut error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", title);
        error.retry_after_s = Some(retry_after_s.max(1));
        error
    }

    /// What names the first result, when the request was made before.
    pub(crate) fn repeated(&self) -> Option<&str> {
        self.repeated.as_deref()
    }

    pub(crate) fn into_reply(self) -> Reply {
        let reply = Reply::json(self.status, error_body(self.code, &self.title));
        match self.retry_after_s {
            Some(seconds) => reply.header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

/// The finer codes exactly where the description shows them (decision 38).
fn not_found_code(thing: Thing) -> &'static str {
    match thing {
        Thing::App => "app_not_found",
        Thing::Integration => "integration_not_found",
        Thing::User => "user_not_found",
        Thing::Client => "client_not_found",
        Thing::Device => "device_not_found",
        Thing::Conversation => "conversation_not_found",
        Thing::Switchboard => "switchboard_not_found",
        Thing::SwitchboardIntegration => "switchboard_integration_not_found",
        Thing::Account
        | Thing::Key
        | Thing::Webhook
        | Thing::Participant
        | Thing::Message
        | Thing::Attachment
        | Thing::Delivery
        | Thing::OAuthClient
        | Thing::Setting
        | Thing::CannedReply
        | Thing::TransferLink
        | Thing::Agent
        | Thing::Property => "not_found",
    }
}

impl From<HubError> for ApiError {
    fn from(error: HubError) -> ApiError {
        let title = sentence(&error.to_string());
        match error {
            HubError::Invalid(_) => ApiError::bad_request(error.to_string()),
            HubError::NotFound(thing) => ApiError::not_found(thing),
            HubError::Forbidden(_) => ApiError::forbidden(title),
            HubError::NameTaken(_)
            | HubError::AccountTaken { .. }
            | HubError::Paused
            | HubError::NobodyAnswers
            | HubError::Closed
            | HubError::OwnTarget
            | HubError::Terminated => ApiError::bad_request(title),
            HubError::Conflict(_) => ApiError::new(StatusCode::CONFLICT, "conflict", title),
            HubError::TooMany { thing: Thing::SwitchboardIntegration, .. } => {
                ApiError::new(StatusCode::BAD_REQUEST, "too_many_switchboard_integrations", title)
            }
            HubError::TooMany { .. } => ApiError::bad_request(title),
            HubError::Full { .. } => ApiError::new(StatusCode::LOCKED, "locked", title),
            HubError::Switchboard { code, .. } => {
                ApiError::new(StatusCode::BAD_REQUEST, code.as_str(), title)
            }
            // The router shows the first result in place of this.
            HubError::Repeated { result } => {
                let mut error = ApiError::new(StatusCode::CONFLICT, "conflict", title);
                error.repeated = Some(result);
                error
            }
            HubError::Busy => {
                let mut error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", title);
                error.retry_after_s = Some(1);
                error
            }
            HubError::Coming => {
                let mut error = ApiError::new(StatusCode::NOT_FOUND, "not_found", title);
                error.retry_after_s = Some(1);
                error
            }
            HubError::Internal(source) => {
                tracing::error!(error = %source, "a request failed inside");
                ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", title)
            }
        }
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> ApiError {
        match error {
            ReadError::TooLarge(bytes_max) => ApiError::too_large(bytes_max),
            ReadError::EndedEarly => ApiError::bad_request("The body ended too early"),
        }
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> ApiError {
        match error.path.is_empty() {
            true => ApiError::bad_request(sentence(&error.message)),
            false => ApiError::bad_request(format!("{}: {}", error.path, error.message)),
        }
    }
}
