//! Why a call did not give what was asked for.

use std::fmt;
use std::time::Duration;

use wire::sunshine::types::ErrorEntry;

/// Why a call did not give what was asked for. Its text is one line and holds no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What the caller gave cannot be sent; nothing was.
    #[error("{0}")]
    Invalid(String),
    /// The server said no.
    #[error("{operation}: {refusal}")]
    Refused {
        /// The operation's id.
        operation: &'static str,
        /// What it said.
        refusal: Box<Refusal>,
    },
    /// No whole answer came in time. Whether the server did what was asked is not known.
    #[error("{operation}: no answer within {} s", .after.as_secs_f32())]
    TimedOut {
        /// The operation's id.
        operation: &'static str,
        /// How long was waited for the last attempt.
        after: Duration,
    },
    /// The server could not be reached, or the connection broke.
    #[error("{operation}: {reason}")]
    Unreachable {
        /// The operation's id.
        operation: &'static str,
        /// What went wrong, for humans.
        reason: String,
        /// The error below.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An answer came that is none of this operation: the server may be something else.
    #[error("{operation}: status {status} with a body that cannot be read: {reason}")]
    Unreadable {
        /// The operation's id.
        operation: &'static str,
        /// The answer's status.
        status: u16,
        /// Where and why, for humans.
        reason: String,
        /// The id of the request.
        request_id: Option<String>,
    },
}

/// What the server said when it refused (sunshine-v2.md §2).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Code and title of each reason; empty when the body was none of the API's.
    pub errors: Vec<ErrorEntry>,
    /// The id of the request, to ask the server's operator about it.
    pub request_id: Option<String>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Refused { refusal, .. } => Some(refusal.status),
            Error::Unreadable { status, .. } => Some(*status),
            Error::Invalid(_) | Error::TimedOut { .. } | Error::Unreachable { .. } => None,
        }
    }

    /// The vendor's code of the first reason, as `conversation_not_found`.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Refused { refusal, .. } => refusal.errors.first().map(|entry| entry.code.as_str()),
            _ => None,
        }
    }

    /// The id of the request, to ask the server's operator about it.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Error::Refused { refusal, .. } => refusal.request_id.as_deref(),
            Error::Unreadable { request_id, .. } => request_id.as_deref(),
            Error::Invalid(_) | Error::TimedOut { .. } | Error::Unreachable { .. } => None,
        }
    }

    /// Whether the same call may succeed later: no answer, 429 or a 5xx.
    pub fn is_temporary(&self) -> bool {
        match self {
            Error::TimedOut { .. } | Error::Unreachable { .. } => true,
            Error::Refused { refusal, .. } => refusal.status == 429 || refusal.status >= 500,
            Error::Invalid(_) | Error::Unreadable { .. } => false,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "status {}", self.status)?;
        for (index, entry) in self.errors.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(formatter, "{separator}{}: {}", entry.code, entry.title)?;
        }
        match &self.request_id {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}
