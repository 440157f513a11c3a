//! What an answer of the Graph API means (channels.md §2.4).

use http::StatusCode;
use serde_json::Value;

use crate::channel::{Account, Answer, Verdict};
use crate::kit::provider::{is_passing, json, plain_status, refusal, retry_after, text, without_secrets};

/// Codes of passing trouble and of rates; those of a page and of its messages are the last three
/// (developers.facebook.com/docs/graph-api/overview/rate-limiting).
const PASSING: &[i64] = &[1, 2, 4, 17, 32, 341, 613, 1200, 80001, 80002, 80006];
/// The person cannot be reached by this page.
const PERSON_GONE: i64 = 551;
/// Subcodes of code 10 that speak of one message and not of the permission: outside the window, no permission
/// for the tag.
const OF_ONE_MESSAGE: &[i64] = &[2018278, 2018065];
/// Subcode of code 10: the person does not receive messages of this page.
const PERSON_RECEIVES_NOTHING: i64 = 2018108;
/// Subcode of code 10: the page is restricted for a while.
const PAGE_RESTRICTED: i64 = 1893063;
/// Subcode of code 200: the person is not available.
const PERSON_UNAVAILABLE: i64 = 1545041;

/// Subcode of code 100: the page knows nobody of that id. Whoever has one has written before, so they are
/// gone.
const PERSON_UNKNOWN: i64 = 2018001;

/// The answer to a send.
pub(super) fn answer(account: &Account<'_>, answer: &Answer<'_>) -> Verdict {
    let body = json(answer.body);
    let Some(error) = body.get("error").filter(|error| error.is_object()) else {
        let ids = text(&body, "/message_id").map(str::to_owned);
        return match (answer.status.is_success(), ids) {
            // A sender action has no id.
            (true, ids) if body.is_object() => Verdict::Accepted(ids.into_iter().collect()),
            (true, _) => passing(answer, "the answer is no JSON".to_owned()),
            (false, _) if is_passing(answer.status) => passing(answer, plain_status(answer)),
            (false, _) => Verdict::Permanent(refusal(answer.status, plain_status(answer))),
        };
    };
    let number = |field: &str| error.get(field).and_then(Value::as_i64).unwrap_or_default();
    let reason = reason(account, error);
    let is_transient = error.get("is_transient") == Some(&Value::Bool(true));
    match refused(answer, number("code"), number("error_subcode"), &reason) {
        Verdict::Permanent(_) if is_transient => passing(answer, reason),
        verdict => verdict,
    }
}

fn refused(answer: &Answer<'_>, code: i64, subcode: i64, reason: &str) -> Verdict {
    let reason = reason.to_owned();
    match (code, subcode) {
        _ if PASSING.contains(&code) => passing(answer, reason),
        (10, PAGE_RESTRICTED) => passing(answer, reason),
        (PERSON_GONE, _)
        | (10, PERSON_RECEIVES_NOTHING)
        | (200, PERSON_UNAVAILABLE)
        | (100, PERSON_UNKNOWN) => Verdict::Blocked(refusal(StatusCode::FORBIDDEN, reason)),
        (10, subcode) if OF_ONE_MESSAGE.contains(&subcode) => {
            Verdict::Permanent(refusal(answer.status, reason))
        }
        (10 | 102 | 190 | 230, _) | (200..=299, _) => Verdict::DeadToken(reason),
        _ if is_passing(answer.status) => passing(answer, reason),
        _ => Verdict::Permanent(refusal(answer.status, reason)),
    }
}

/// Whether a call that is no send may succeed later.
pub(super) fn is_passing_trouble(status: StatusCode, body: &Value) -> bool {
    let code = body.pointer("/error/code").and_then(Value::as_i64);
    code.is_some_and(|code| PASSING.contains(&code)) || is_passing(status)
}

fn passing(answer: &Answer<'_>, reason: String) -> Verdict {
    Verdict::Retry { after_ms: retry_after(answer.headers).or_else(|| regained(answer)), reason }
}

/// Milliseconds until Meta lets us in again, from the usage that it counts.
fn regained(answer: &Answer<'_>) -> Option<i64> {
    let usage = json(answer.headers.get("x-business-use-case-usage")?.as_bytes());
    let counts = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    let minutes = counts.filter_map(|count| count.get("estimated_time_to_regain_access")?.as_i64()).max()?;
    (minutes > 0).then(|| minutes.saturating_mul(60_000))
}

/// The provider's code, subcode and text. Meta repeats a token that it cannot read.
pub(super) fn reason(account: &Account<'_>, error: &Value) -> String {
    let number = |field: &str| error.get(field).and_then(Value::as_i64);
    let code = number("code").map(|code| code.to_string()).unwrap_or_default();
    let subcode = number("error_subcode").map(|subcode| format!("/{subcode}")).unwrap_or_default();
    let said = without_secrets(account, text(error, "/message").unwrap_or("no text"));
    format!("{code}{subcode}: {said}")
}
