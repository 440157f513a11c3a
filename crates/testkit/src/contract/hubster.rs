//! The rules of every answer of Hubster's API (hubster.md §2, §3.3 and §8).

use serde_json::Value;

/// Paths that are Hubster's.
const PREFIXES: [&str; 5] =
    ["/api/v1/", "/connect/", "/inbound/", "/engine-chat-hub", "/.well-known/openid-configuration"];

/// Statuses of faults of the server that a page names: not implemented, and busy.
const NAMED_FAULTS: [u16; 1] = [501];

/// Whether a path belongs to Hubster's API.
pub fn is_hubsters(path: &str) -> bool {
    PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

/// The operation that a request means.
pub fn operation(method: &str, path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let all = wire::hubster::OPERATIONS.iter();
    let fitting = all.filter(|row| row.method.as_str() == method && super::template_fits(row.path, path));
    fitting.min_by_key(|row| row.path.matches('{').count()).map(|row| row.id)
}

/// Compares an answer with the rules, and gives its body.
pub fn check_reply(path: &str, status: u16, content_type: &str, text: &str) -> Result<Value, String> {
    if status >= 500 && !NAMED_FAULTS.contains(&status) {
        return Err(format!("status {status}: {text}"));
    }
    if status < 400 && status != 200 && status != 204 && status != 101 {
        return Err(format!("only 200 is success for the clients, not {status}"));
    }
    if text.is_empty() {
        return if status < 400 { Ok(Value::Null) } else { Err(format!("status {status} without a body")) };
    }
    if content_type != "application/json; charset=utf-8" {
        return Err(format!("content type {content_type:?} with body {text:?}"));
    }
    let body: Value = serde_json::from_str(text).map_err(|error| format!("not JSON ({error}): {text}"))?;
    if status < 400 {
        return without_nulls("", &body).map(|()| body.clone());
    }
    if path.starts_with("/connect/") && body["error"].is_string() {
        return if status == 400 { Ok(body) } else { Err(format!("an OAuth error with status {status}")) };
    }
    check_error(status, &body).map(|()| body.clone())
}

/// `{status, errors: [{code, description}]}`: numbers, and the full code at the end of each text.
fn check_error(status: u16, body: &Value) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}: {body}"));
    if body["status"] != status {
        return wrong("the status is not repeated");
    }
    let Some(entries) = body["errors"].as_array().filter(|entries| !entries.is_empty()) else {
        return wrong("no error form");
    };
    for entry in entries {
        let Some(code) = entry["code"].as_u64() else { return wrong("a code that is no number") };
        let text = entry["description"].as_str().unwrap_or_default();
        let ending = ["PRT", "ENG", "IDT"].map(|letters| format!("(code: {letters}{code:06})"));
        if !ending.iter().any(|ending| text.ends_with(ending.as_str())) {
            return wrong("a description without its code");
        }
    }
    Ok(())
}

/// Null members are left out, except in what belongs to a caller.
fn without_nulls(path: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Null => Err(format!("{path} is null and not absent")),
        Value::Array(items) => items.iter().try_for_each(|item| without_nulls(&format!("{path}[]"), item)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| match name.as_str() {
            "payload" | "metadata" | "responses" => Ok(()),
            _ => without_nulls(&format!("{path}.{name}"), value),
        }),
        _ => Ok(()),
    }
}
