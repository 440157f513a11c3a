//! Why a call did not give what was asked for.

use std::fmt;
use std::time::Duration;

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

/// What the server said when it refused (sunshine-v2.md §2, hubster.md §8, exotel.md).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Each reason; empty when the body was none of the API's.
    pub errors: Vec<Reason>,
    /// The id of the request, to ask the server's operator about it.
    pub request_id: Option<String>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
}

/// One reason of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The vendor's code, as `conversation_not_found`, `PRT000301` or `invalid_client`. Exotel has none.
    pub code: Option<String>,
    /// A sentence for people.
    pub title: String,
}

impl Reason {
    /// What a server said: its text must stay one line, and must not steer the terminal on which it ends.
    pub(crate) fn new(code: Option<String>, title: &str) -> Reason {
        Reason { code: code.as_deref().map(one_line), title: one_line(title) }
    }
}

/// A text with a space in place of each control character and each end of a line.
pub(crate) fn one_line(text: &str) -> String {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    text.chars().map(|letter| if breaks(letter) { ' ' } else { letter }).collect()
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

    /// The vendor's code of the first reason, as `conversation_not_found` or `PRT000301`.
    pub fn code(&self) -> Option<&str> {
        self.reasons().first().and_then(|reason| reason.code.as_deref())
    }

    /// All reasons of a refusal; none of anything else.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Error::Refused { refusal, .. } => &refusal.errors,
            _ => &[],
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
        for (index, reason) in self.errors.iter().enumerate() {
            formatter.write_str(if index == 0 { ": " } else { "; " })?;
            match (&reason.code, reason.title.as_str()) {
                (Some(code), "") => formatter.write_str(code)?,
                (Some(code), title) => write!(formatter, "{code}: {title}")?,
                (None, title) => formatter.write_str(title)?,
            }
        }
        match &self.request_id {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}
