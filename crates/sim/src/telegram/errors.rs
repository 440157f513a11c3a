//! Telegram's error bodies (channels.md §4.4).

use serde_json::{Value, json};

use crate::http::Refusal;

pub(super) fn refuse(rule: &'static str, status: u16, description: &str) -> Refusal {
    let body = json!({"ok": false, "error_code": status, "description": description});
    Refusal::new(rule, description, status, &body)
}

/// 400 with Telegram's prefix.
pub(super) fn bad(rule: &'static str, description: &str) -> Refusal {
    refuse(rule, 400, &format!("Bad Request: {description}"))
}

/// The same with parameters that help to handle it.
pub(super) fn bad_with(rule: &'static str, description: &str, parameters: Value) -> Refusal {
    let description = format!("Bad Request: {description}");
    let body = json!({"ok": false, "error_code": 400, "description": description, "parameters": parameters});
    Refusal::new(rule, description, 400, &body)
}

pub(super) fn not_found() -> Refusal {
    refuse("telegram.method", 404, "Not Found")
}

pub(super) fn unauthorized(why: &str) -> Refusal {
    let body = json!({"ok": false, "error_code": 401, "description": "Unauthorized"});
    Refusal::new("telegram.token", why, 401, &body)
}

pub(super) fn blocked() -> Refusal {
    refuse("telegram.blocked", 403, "Forbidden: bot was blocked by the user")
}

pub(super) fn too_many(retry_after_s: Option<u32>) -> Refusal {
    let description = match retry_after_s {
        Some(seconds) => format!("Too Many Requests: retry after {seconds}"),
        None => "Too Many Requests".to_owned(),
    };
    let mut body = json!({"ok": false, "error_code": 429, "description": description});
    if let Some(seconds) = retry_after_s {
        body["parameters"] = json!({"retry_after": seconds});
    }
    let mut refusal = Refusal::new("telegram.rate", description, 429, &body);
    if let Some(seconds) = retry_after_s {
        refusal.0.headers.push(("retry-after", seconds.to_string()));
    }
    refusal
}
