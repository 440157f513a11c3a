//! What to send, and what came back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::target::Target;

/// How much of an answer is read when a plan says nothing else (sunshine-v2.md §9.3).
pub const DEFAULT_ANSWER_BYTES: usize = 64 * 1024;
/// How long a request takes at most when a plan says nothing else (sunshine-v2.md §9.3).
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);

/// One request, with all its limits.
#[derive(Clone)]
pub struct RequestPlan {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Target,
    /// Headers beside those that the client sets: Host, Content-Length, User-Agent (unless here) and
    /// Authorization (unless here, from the URL).
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// For everything from resolving the name to the last byte of the answer.
    pub timeout: Duration,
    /// How many bytes of the answer's body are read.
    pub response_bytes_max: usize,
    /// What the answer's body is for.
    pub answer_body: AnswerBody,
    /// Room for answers that several requests share, in KiB: the body is read once there is room for all of
    /// it, which the answer keeps. `None` for an answer that is small.
    pub room: Option<Arc<Semaphore>>,
    /// Whether the receiver stands getting the request twice. If so, it is sent once more on
    /// another connection when a kept one ends without an answer, as happens when the receiver closes
    /// it at that very moment.
    pub repeatable: bool,
}

/// What the body of an answer is for, and so what it means when it does not come whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerBody {
    /// It is needed: too large, too late or broken off is an error.
    Whole,
    /// It is at most logged. Status and headers are the answer, of the body what came is kept.
    Beginning,
}

impl RequestPlan {
    /// A POST whose answer's body does not matter and which may be repeated: a webhook.
    pub fn post(url: Target, body: Bytes) -> RequestPlan {
        RequestPlan {
            method: Method::POST,
            url,
            headers: HeaderMap::new(),
            body,
            timeout: DEFAULT_TIMEOUT,
            response_bytes_max: DEFAULT_ANSWER_BYTES,
            answer_body: AnswerBody::Beginning,
            room: None,
            repeatable: true,
        }
    }

    /// A GET whose answer is needed whole and may have `response_bytes_max` bytes.
    pub fn get(url: Target, response_bytes_max: usize) -> RequestPlan {
        RequestPlan {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: DEFAULT_TIMEOUT,
            response_bytes_max,
            answer_body: AnswerBody::Whole,
            room: None,
            repeatable: true,
        }
    }
}

/// Without headers and body: they hold secrets.
impl fmt::Debug for RequestPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestPlan({} {}, {} bytes)", self.method, self.url, self.body.len())
    }
}

/// An answer, whatever its status. Redirects are answers like others: nobody follows them.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most as long as the plan allowed.
    pub body: Bytes,
    /// Whether the body is not all that was to come (never with [`AnswerBody::Whole`]).
    pub truncated: bool,
    /// The room that it takes, if its plan said from which.
    pub room: Option<Arc<OwnedSemaphorePermit>>,
}

impl Response {
    /// The header `Retry-After` as it came, when it is text.
    pub fn retry_after(&self) -> Option<&str> {
        self.headers.get(header::RETRY_AFTER)?.to_str().ok()
    }
}
