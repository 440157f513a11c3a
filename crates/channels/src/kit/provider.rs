//! What the requests to all providers and their answers have in common.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode, header};
use model::ErrorCode;
use model::channel::{KEY_PREFIX, SendError};
use model::content::{Action, Metadata};
use model::metadata;
use serde_json::{Value, json};

use crate::channel::{Account, Answer};
use crate::kit::crypto::sha256;

/// The address of a provider's call, with the account's base in place of scheme and host.
pub fn endpoint(account: &Account<'_>, own: &str, path: &str) -> String {
    format!("{}{path}", account.base_url.unwrap_or(own).trim_end_matches('/'))
}

/// A body as JSON; null when it is none.
pub fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

/// A text inside a JSON value.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// A text or whole number inside a JSON value, as text: ids come as both.
pub fn id_text(value: &Value, pointer: &str) -> Option<String> {
    metadata::id_text(value.pointer(pointer)?)
}

/// The same of a setting.
pub fn setting(account: &Account<'_>, name: &str) -> Option<String> {
    let value = account.secrets.get(name).or_else(|| account.config.get(name))?;
    id_text(value, "").filter(|text| !text.is_empty())
}

/// A text of a provider without our secrets: some providers repeat a token that they refuse.
pub fn without_secrets(account: &Account<'_>, text: &str) -> String {
    let secrets =
        account.secrets.values().filter_map(Value::as_str).filter(|secret| secret.len() >= SECRET_BYTES_MIN);
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

/// What is shorter would also be found in innocent words.
const SECRET_BYTES_MIN: usize = 6;

/// The named fields of an object, as far as they are text, number or boolean; texts are cut.
pub fn facts(object: &Value, names: &[&str]) -> Metadata {
    let simple = |name: &&str| match object.get(*name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(((*name).to_owned(), fact(text))),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(((*name).to_owned(), value.clone())),
        _ => None,
    };
    names.iter().filter_map(simple).collect()
}

/// A text about a person as it is kept.
pub fn fact(text: &str) -> Value {
    let end = text.char_indices().nth(FACT_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text).into()
}

/// What is kept of a fact about a person.
const FACT_CHARS_MAX: usize = 256;

/// What stands in a button in place of what it means (channels.md §0.3): it depends on nothing else, so that
/// one key never stands for two things, however old the button is.
pub fn button_key(button: &Action) -> String {
    let meant = json!([button.kind, button.payload, button.metadata]).to_string();
    let digest = sha256(meant.as_bytes());
    format!("{KEY_PREFIX}{}", URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default()))
}

/// Whether the same request may succeed later, by its status alone.
pub fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// Milliseconds that the header `Retry-After` asks for, as seconds or as a date after the answer's own.
pub fn retry_after(headers: &HeaderMap) -> Option<i64> {
    let value = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let asked = value(header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000);
    }
    let moment = |text: &str| httpdate::parse_http_date(text).ok();
    let wait = moment(asked)?.duration_since(moment(value(header::DATE)?)?).ok()?;
    i64::try_from(wait.as_millis()).ok()
}

/// A refusal with the code that its status plainly means (channels.md §0.2).
pub fn refusal(status: StatusCode, message: impl Into<String>) -> SendError {
    let code = match status.as_u16() {
        400 => ErrorCode::BadRequest,
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        413 => ErrorCode::PayloadTooLarge,
        429 => ErrorCode::TooManyRequests,
        _ => ErrorCode::UncategorizedError,
    };
    SendError { code, message: message.into() }
}

/// The refusal of a kind of content that the channel cannot show (channels.md §18).
pub fn unsupported_type(kind: &str) -> SendError {
    SendError { code: ErrorCode::UncategorizedError, message: format!("Unsupported message type `{kind}`") }
}

/// The refusal of a raw payload that is no object.
pub fn no_object() -> SendError {
    refusal(StatusCode::BAD_REQUEST, "override payload must be an object")
}

/// An answer for the log and the caller, when the provider's own words cannot be read.
pub fn plain_status(answer: &Answer<'_>) -> String {
    format!("HTTP {}", answer.status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(pairs: &[(&'static str, &'static str)]) -> Option<i64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, http::HeaderValue::from_static(value));
        }
        retry_after(&headers)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(waits(&[("retry-after", "7")]), Some(7_000));
        let date = ("date", "Fri, 24 May 2019 17:18:27 GMT");
        assert_eq!(waits(&[("retry-after", "Fri, 24 May 2019 17:18:57 GMT"), date]), Some(30_000));
        assert_eq!(waits(&[("retry-after", "Fri, 24 May 2019 17:18:17 GMT"), date]), None);
        for none in ["-1", "soon", "", "99999999999"] {
            assert_eq!(waits(&[("retry-after", none), date]), None, "{none}");
        }
        assert_eq!(waits(&[]), None);
    }

    #[test]
    fn keys_are_short_and_depend_on_all_that_a_button_means() {
        let button = |kind: &str, label: &str, payload: &str, shelf: i64| -> Action {
            let button =
                json!({ "type": kind, "text": label, "payload": payload, "metadata": { "shelf": shelf } });
            serde_json::from_value(button).expect("a button")
        };
        let long = "x".repeat(1_000);
        let key = button_key(&button("postback", "Buy", &long, 1));
        assert_eq!(key.len(), 24);
        assert_eq!(key, button_key(&button("postback", "Order", &long, 1)), "not on its label");
        for other in [
            button("postback", "Buy", &long, 2),
            button("postback", "Buy", "x", 1),
            button("reply", "Buy", &long, 1),
        ] {
            assert_ne!(key, button_key(&other));
        }
    }
}
