//! What a fake answers, and why.

use bytes::Bytes;
use serde_json::Value;

use crate::transcript::Verdict;

/// An answer with what was thought of the request.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) verdict: Verdict,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Reply {
        Reply {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: Bytes::from(body.to_string()),
            verdict: Verdict::Accepted,
        }
    }

    pub(crate) fn bytes(content_type: impl Into<String>, body: impl Into<Bytes>) -> Reply {
        let headers = vec![("content-type", content_type.into())];
        Reply { status: 200, headers, body: body.into(), verdict: Verdict::Accepted }
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Bytes::new(), verdict: Verdict::Accepted }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn verdict(mut self, verdict: Verdict) -> Reply {
        self.verdict = verdict;
        self
    }
}

/// A provider's refusal: its own status and body, and the rule for the transcript.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(pub(crate) Box<Reply>);

impl Refusal {
    pub(crate) fn new(rule: &'static str, why: impl Into<String>, status: u16, body: &Value) -> Refusal {
        Refusal(Box::new(Reply::json(status, body).verdict(Verdict::Refused { rule, why: why.into() })))
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Reply {
        *refusal.0
    }
}
