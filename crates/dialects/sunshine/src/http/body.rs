//! What a body is announced as, and what it says.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{ApiError, Result};

/// Whether the body is announced as JSON; a missing type is no announcement.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether the body is announced as the fields of a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/x-www-form-urlencoded"
}

fn media_type(headers: &HeaderMap) -> String {
    let announced = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    announced.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The fields of a form as a JSON object of texts; of a field that is there twice the last wins.
pub(crate) fn form_as_json(bytes: &[u8]) -> Bytes {
    let fields = url::form_urlencoded::parse(bytes).into_owned();
    let fields = fields.map(|(name, value)| (name, Value::String(value))).collect::<Map<_, _>>();
    Value::Object(fields).to_string().into()
}

/// The body as a value of this type; the error names the field. Deep nesting is refused before anything
/// is parsed, and so is the character U+0000 in any text, which not every database keeps.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let body = wire::parse_body(bytes)?;
    // JSON has it only in this spelling.
    if bytes.windows(ZERO.len()).any(|piece| piece == ZERO)
        && let Some(place) = zero_in(&wire::parse_body::<Value>(bytes)?)
    {
        let colon = if place.is_empty() { "" } else { ": " };
        let place = place.trim_start_matches('.');
        return Err(ApiError::bad_request(format!("{place}{colon}must not contain the character U+0000")));
    }
    Ok(body)
}

const ZERO: &[u8] = br"\u0000";

/// Where a value has a text with the character U+0000, as `.content.items[2].title`.
fn zero_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .find_map(|(number, entry)| zero_in(entry).map(|place| format!("[{number}]{place}"))),
        Value::Object(members) => members.iter().find_map(|(name, value)| match name.contains('\0') {
            true => Some(String::new()),
            false => zero_in(value).map(|place| format!(".{name}{place}")),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_has_the_character_zero() {
        for (body, title) in [
            (r#""\u0000""#, "must not contain the character U+0000"),
            (
                r#"{"content":{"items":[{},{"title":"a\u0000b"}]}}"#,
                "content.items[1].title: must not contain the character U+0000",
            ),
            (r#"{"metadata":{"a\u0000":1}}"#, "metadata: must not contain the character U+0000"),
        ] {
            let refusal = format!("{:?}", parse::<Value>(body.as_bytes()).err());
            assert!(refusal.contains(&format!("{title:?}")), "{body}: {refusal}");
        }
        assert!(parse::<Value>(br#"{"a":"\\u0000 \u0001"}"#).is_ok(), "a backslash, and another character");
    }
}
