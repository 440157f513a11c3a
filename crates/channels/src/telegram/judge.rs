//! What an answer of the Bot API means (channels.md §4.4).

use http::StatusCode;
use model::channel::SendError;
use serde_json::Value;

use crate::channel::{Answer, Verdict};
use crate::kit::provider::{id_text, is_passing, json, plain_status, refusal, retry_after, text};

/// Beginnings of refusals that mean that the person does not want to hear from the bot.
const BLOCKED: &[&str] = &[
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked from",
    "bot can't initiate conversation with a user",
    "bot is not a member of",
];

/// What refusals say when Telegram has not got a file by its address, or does not take it as what it is sent
/// as: uploaded, or as a document, it may be taken.
const UNFIT: &[&str] = &[
    "failed to get http url content",
    "wrong type of the web page content",
    "wrong file identifier/http url specified",
    "wrong remote file identifier",
    "file is too big",
    "image_process_failed",
    "photo_ext_invalid",
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
    "webpage_curl_failed",
    "webpage_media_empty",
];

/// The answer to a method that sends a message.
pub(super) fn answer(answer: &Answer<'_>) -> Verdict {
    let body = json(answer.body);
    if answer.status.is_success() && body.get("ok") == Some(&Value::Bool(true)) {
        return Verdict::Accepted(message_ids(body.get("result").unwrap_or(&Value::Null)));
    }
    let code = body
        .get("error_code")
        .and_then(Value::as_u64)
        .and_then(|code| StatusCode::from_u16(code as u16).ok());
    let status = code.unwrap_or(answer.status);
    let description = text(&body, "/description").map_or_else(|| plain_status(answer), str::to_owned);
    // A group that has become a supergroup.
    if let Some(to) = id_text(&body, "/parameters/migrate_to_chat_id") {
        return Verdict::Moved { to, error: lasting(status, &description) };
    }
    let asked =
        body.pointer("/parameters/retry_after").and_then(Value::as_i64).filter(|seconds| *seconds >= 0);
    let after_ms = asked.map(|seconds| seconds.saturating_mul(1_000)).or_else(|| retry_after(answer.headers));
    refused(status, description, after_ms)
}

/// A refusal with its status and text.
pub(super) fn refused(status: StatusCode, description: String, after_ms: Option<i64>) -> Verdict {
    // A wrong token is 401, or 404 without anything else, for every method.
    let is_dead =
        status == StatusCode::UNAUTHORIZED || (status == StatusCode::NOT_FOUND && description == "Not Found");
    if is_dead || status == StatusCode::CONFLICT {
        return Verdict::DeadToken(description);
    }
    // A success that is none is a broken answer: the message may or may not be there.
    if is_passing(status) || status.is_success() {
        return Verdict::Retry { after_ms, reason: description };
    }
    let reason = description.split_once(": ").map_or(description.as_str(), |(_, reason)| reason);
    let error = lasting(status, &description);
    if BLOCKED.iter().any(|begin| reason.starts_with(begin)) {
        return Verdict::Blocked(error);
    }
    let reason = reason.to_lowercase();
    match UNFIT.iter().any(|said| reason.contains(said)) {
        true => Verdict::Unfit(error),
        false => Verdict::Permanent(error),
    }
}

fn lasting(status: StatusCode, description: &str) -> SendError {
    refusal(status, format!("{}: {description}", status.as_u16()))
}

/// One message, or those of an album.
fn message_ids(result: &Value) -> Vec<String> {
    let id = |message: &Value| {
        let chat = message.pointer("/chat/id").and_then(Value::as_i64)?;
        let number = message.get("message_id").and_then(Value::as_i64)?;
        Some(format!("{chat}:{number}"))
    };
    match result {
        Value::Array(messages) => messages.iter().filter_map(id).collect(),
        message => id(message).into_iter().collect(),
    }
}

/// A refusal for the caller who sets an integration up.
pub(super) fn reason(status: StatusCode, body: &Value) -> String {
    let said = text(body, "/description").map_or_else(|| format!("HTTP {}", status.as_u16()), str::to_owned);
    let SendError { message, .. } = refusal(status, said);
    message
}
