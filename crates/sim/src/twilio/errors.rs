//! Twilio's error bodies (channels.md §5.4).

use serde_json::json;

use crate::http::Refusal;

/// A refusal in Twilio's form.
pub(super) fn refuse(rule: &'static str, code: u32, status: u16, message: &str) -> Refusal {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({"code": code, "message": message, "more_info": more_info, "status": status});
    Refusal::new(rule, message, status, &body)
}

/// 400 with a code.
pub(super) fn bad(rule: &'static str, code: u32, message: &str) -> Refusal {
    refuse(rule, code, 400, message)
}

pub(super) fn unauthenticated(why: &str) -> Refusal {
    let body = json!({
        "code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401,
    });
    Refusal::new("twilio.credentials", why, 401, &body)
}

pub(super) fn not_found(resource: &str) -> Refusal {
    refuse("twilio.not-found", 20404, 404, &format!("The requested resource {resource} was not found"))
}

pub(super) fn opted_out() -> Refusal {
    bad("twilio.opted-out", 21610, "Attempt to send to unsubscribed recipient")
}

pub(super) fn not_owned(from: &str) -> Refusal {
    let message = format!("'{from}' is not a Twilio phone number or short code country mismatch");
    bad("twilio.from.owned", 21659, &message)
}
