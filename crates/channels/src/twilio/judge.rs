//! What an answer of Twilio means (channels.md §5.4, §6).

use http::StatusCode;
use serde_json::Value;

use crate::channel::{Answer, Verdict};
use crate::kit::provider::{is_passing, json, plain_status, refusal, retry_after, text};

/// Rates, full queues, trouble of carriers and of WhatsApp.
const PASSING: &[i64] = &[20429, 20500, 21611, 30001, 30008, 30017, 30022, 63012, 63018];
/// The account or its token is no longer taken.
const DEAD: &[i64] = &[20003, 20005, 30002, 63001];
/// The account is not there; on a message's path the same code would mean something else.
const NOT_FOUND: i64 = 20404;

/// Whether a code says that the person wants to hear nothing: they have sent STOP, or their device blocks
/// us.
pub(super) fn is_blocked(code: i64) -> bool {
    matches!(code, 21610 | 30004)
}

/// Whether a code says that the account is no longer taken, whatever is sent.
pub(super) fn is_dead(code: i64) -> bool {
    DEAD.contains(&code)
}

/// The answer to a send.
pub(super) fn answer(answer: &Answer<'_>) -> Verdict {
    let body = json(answer.body);
    if answer.status.is_success() {
        return match text(&body, "/sid") {
            Some(sid) => Verdict::Accepted(vec![sid.to_owned()]),
            None => Verdict::Retry { after_ms: None, reason: "the answer has no sid".to_owned() },
        };
    }
    let code = body.get("code").and_then(Value::as_i64).unwrap_or_default();
    let reason = reason(answer.status, &body);
    if is_blocked(code) {
        return Verdict::Blocked(refusal(answer.status, reason));
    }
    if is_dead(code) || code == NOT_FOUND || answer.status == StatusCode::UNAUTHORIZED {
        return Verdict::DeadToken(reason);
    }
    if PASSING.contains(&code) || is_passing(answer.status) {
        return Verdict::Retry { after_ms: retry_after(answer.headers), reason };
    }
    Verdict::Permanent(refusal(answer.status, if body.is_object() { reason } else { plain_status(answer) }))
}

/// The provider's code and text.
pub(super) fn reason(status: StatusCode, body: &Value) -> String {
    match (body.get("code").and_then(Value::as_i64), text(body, "/message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_string(),
        (None, _) => format!("HTTP {}", status.as_u16()),
    }
}
