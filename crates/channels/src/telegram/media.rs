//! Fetching a file: its path is asked for first, and good for an hour (channels.md §4.2).

use serde_json::Value;
use url::form_urlencoded;

use super::{HOST, judge, method};
use crate::channel::{Account, Answer, MediaStep};
use crate::kit::provider::{endpoint, json, text};
use crate::plan::Plan;

/// The next step.
pub(super) fn step(account: &Account<'_>, reference: &Value, answer: Option<&Answer<'_>>) -> MediaStep {
    let Some(answer) = answer else {
        let Some(id) = text(reference, "/fileId") else { return MediaStep::Gone("no file id".to_owned()) };
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("file_id", id).finish();
        return MediaStep::Resolve(Plan::get(format!("{}?{query}", method(account, "getFile"))));
    };
    let body = json(answer.body);
    match text(&body, "/result/file_path").filter(|path| is_path(path)) {
        Some(path) => {
            let path = format!("/file/bot{}/{path}", account.text("token"));
            MediaStep::Get(Plan::get(endpoint(account, HOST, &path)))
        }
        None => MediaStep::Gone(judge::reason(answer.status, &body)),
    }
}

/// A path below the bot's files, as Telegram gives it.
fn is_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    !path.is_empty() && path.bytes().all(plain) && !path.contains("..")
}
