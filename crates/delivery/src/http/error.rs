//! What can go wrong with a request before there is an answer to judge.

use std::borrow::Cow;
use std::fmt;

use super::guard::Refusal;

/// Why there is no answer. Its text may be shown to the owner of the target: it never holds a
/// header, a password or the address behind a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct HttpError {
    /// The kind, for decisions.
    pub kind: HttpErrorKind,
    detail: Cow<'static, str>,
}

/// The kinds of [`HttpError`]. From `BadUrl` to `Tls` nothing of the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HttpErrorKind {
    /// The URL cannot be called.
    BadUrl,
    /// The guard: every address of the target is internal.
    Refused,
    /// The name has no address, or the name server did not answer.
    Dns,
    /// No connection: refused, unreachable, or not there within the time for connecting.
    Connect,
    /// The handshake failed: unknown issuer, other name, expired, no TLS at all.
    Tls,
    /// The time of the whole request is over.
    Timeout,
    /// The connection ended before the answer did.
    Closed,
    /// The answer is larger than the plan allows, or its head is larger than any should be.
    TooLarge,
    /// What came back is no HTTP.
    BadAnswer,
}

impl HttpErrorKind {
    /// Whether nothing of the request has left the machine.
    pub fn is_before_sending(self) -> bool {
        use HttpErrorKind::*;
        matches!(self, BadUrl | Refused | Dns | Connect | Tls)
    }

    /// One word for logs, metrics and stored errors.
    pub fn as_str(self) -> &'static str {
        match self {
            HttpErrorKind::BadUrl => "bad_url",
            HttpErrorKind::Refused => "refused",
            HttpErrorKind::Dns => "dns",
            HttpErrorKind::Connect => "connect",
            HttpErrorKind::Tls => "tls",
            HttpErrorKind::Timeout => "timeout",
            HttpErrorKind::Closed => "closed",
            HttpErrorKind::TooLarge => "too_large",
            HttpErrorKind::BadAnswer => "bad_answer",
        }
    }
}

impl fmt::Display for HttpErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl HttpError {
    pub(crate) fn new(kind: HttpErrorKind, detail: impl Into<Cow<'static, str>>) -> HttpError {
        HttpError { kind, detail: detail.into() }
    }

    pub(super) fn refused(reason: Refusal) -> HttpError {
        HttpError::new(HttpErrorKind::Refused, format!("the target is {reason}"))
    }

    /// Finds what our connector said inside the error of the client library, and sorts the rest.
    pub(super) fn from_client(error: &hyper_util::client::legacy::Error) -> HttpError {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(inner) = cause {
            if let Some(ours) = inner.downcast_ref::<HttpError>() {
                return ours.clone();
            }
            if let Some(theirs) = inner.downcast_ref::<hyper::Error>() {
                return HttpError::from_exchange(theirs);
            }
            cause = inner.source();
        }
        let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Closed };
        HttpError::new(kind, error.to_string())
    }

    /// Sorts what happened on an open connection.
    pub(super) fn from_exchange(error: &hyper::Error) -> HttpError {
        let kind = if error.is_parse_too_large() {
            HttpErrorKind::TooLarge
        } else if error.is_parse() {
            HttpErrorKind::BadAnswer
        } else {
            HttpErrorKind::Closed
        };
        HttpError::new(kind, error.to_string())
    }
}
