//! `reply_markup` (channels.md §4.3, §19).

use serde_json::Value;

use crate::chat::{Button, ButtonKind};
use crate::http::Refusal;
use crate::http::client::is_web_address;

use super::errors::bad;

const BUTTONS_MAX: usize = 100;
const ROW_MAX: usize = 8;
const DATA_BYTES_MAX: usize = 64;
/// The fields of an inline button that say what it does; exactly one has to be there.
const ACTIONS: &[&str] = &[
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The buttons of a markup, judged; some are for private chats.
pub(super) fn buttons(markup: &Value, is_private: bool) -> Result<Vec<Button>, Refusal> {
    let Some(object) = markup.as_object() else {
        return Err(bad("telegram.markup", "object expected as reply markup"));
    };
    let kinds = ["inline_keyboard", "keyboard", "remove_keyboard", "force_reply"];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| object.contains_key(*kind)).collect();
    match given.as_slice() {
        [] if object.is_empty() => Ok(Vec::new()),
        ["inline_keyboard"] => {
            rows(&markup["inline_keyboard"])?.into_iter().map(|button| inline(button, is_private)).collect()
        }
        ["keyboard"] => {
            rows(&markup["keyboard"])?.into_iter().map(|button| key(button, is_private)).collect()
        }
        ["remove_keyboard" | "force_reply"] => Ok(Vec::new()),
        _ => Err(bad("telegram.markup", "exactly one of the keyboards has to be in a reply markup")),
    }
}

fn rows(rows: &Value) -> Result<Vec<&Value>, Refusal> {
    let wrong = || bad("telegram.markup.rows", "object expected as array of arrays of buttons");
    let mut buttons = Vec::new();
    for row in rows.as_array().ok_or_else(wrong)? {
        let row = row.as_array().ok_or_else(wrong)?;
        if row.len() > ROW_MAX {
            return Err(bad("telegram.markup.size", "reply markup is too long"));
        }
        buttons.extend(row);
    }
    if buttons.len() > BUTTONS_MAX {
        return Err(bad("telegram.markup.size", "reply markup is too long"));
    }
    Ok(buttons)
}

fn inline(button: &Value, is_private: bool) -> Result<Button, Refusal> {
    let label = label(button)?;
    let actions: Vec<&str> = ACTIONS.iter().copied().filter(|action| button.get(*action).is_some()).collect();
    let [action] = actions.as_slice() else {
        return Err(bad("telegram.button.action", "Text buttons are unallowed in the inline keyboard"));
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, value) = match *action {
        "callback_data" => {
            let data = text(&button["callback_data"]);
            if data.is_empty() || data.len() > DATA_BYTES_MAX {
                return Err(bad("telegram.button.data", "BUTTON_DATA_INVALID"));
            }
            (ButtonKind::Postback, data)
        }
        "url" => {
            let url = text(&button["url"]);
            if !is_web_address(&url)
                && !["http://", "tg://", "mailto:", "tel:"].iter().any(|known| url.starts_with(known))
            {
                let why = format!("inline keyboard button URL '{url}' is invalid: Wrong HTTP URL");
                return Err(bad("telegram.button.url", &why));
            }
            (ButtonKind::Link, url)
        }
        "web_app" if !is_private => return Err(bad("telegram.button.private", "BUTTON_TYPE_INVALID")),
        "web_app" => {
            let url = text(&button["web_app"]["url"]);
            if !url.starts_with("https://") {
                let why = format!(
                    "inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
                );
                return Err(bad("telegram.button.web-app", &why));
            }
            (ButtonKind::Link, url)
        }
        other => (ButtonKind::Link, other.to_owned()),
    };
    Ok(Button { label, kind, value })
}

fn key(button: &Value, is_private: bool) -> Result<Button, Refusal> {
    let label = label(button)?;
    if button["request_location"] == true && !is_private {
        return Err(bad("telegram.button.private", "location can be requested in private chats only"));
    }
    let kind =
        if button["request_location"] == true { ButtonKind::RequestLocation } else { ButtonKind::Reply };
    Ok(Button { value: label.clone(), label, kind })
}

fn label(button: &Value) -> Result<String, Refusal> {
    let label = button.as_str().or_else(|| button["text"].as_str()).unwrap_or_default();
    if label.trim().is_empty() {
        return Err(bad(
            "telegram.button.text",
            "can't parse keyboard button: Field \"text\" must be non-empty",
        ));
    }
    Ok(label.to_owned())
}
