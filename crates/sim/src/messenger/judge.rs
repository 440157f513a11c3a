//! The limits of a message (channels.md §2.3, §19).

use serde_json::Value;

use crate::chat::{Bubble, Button, ButtonKind};
use crate::http::client::is_web_address;

use super::errors::{Graph, parameter};

const TEXT_MAX: usize = 2000;
const BUTTON_TEXT_MAX: usize = 640;
const LABEL_MAX: usize = 20;
const PAYLOAD_MAX: usize = 1000;
const REPLIES_MAX: usize = 13;
const ELEMENTS_MAX: usize = 10;
const BUTTONS_MAX: usize = 3;
const TITLE_MAX: usize = 80;

/// Judges `message` but for its file, and puts what it shows into the bubbles: one, or one for each
/// element.
pub(super) fn message(message: &Value, has_file: bool, bubble: &mut Bubble) -> Result<Vec<Bubble>, Graph> {
    let text = message.get("text");
    let attachment = message.get("attachment");
    if text.is_some() && (attachment.is_some() || has_file) {
        return Err(parameter("messenger.message.one", "Message cannot have both text and an attachment"));
    }
    length(message, "metadata", 0, PAYLOAD_MAX)?;
    let mut more = Vec::new();
    match (text, attachment) {
        (Some(text), _) => {
            if text.as_str().is_none_or(str::is_empty) {
                let why = "Message cannot be empty, must provide valid attachment or text";
                return Err(parameter("messenger.text.required", why));
            }
            length(message, "text", 1, TEXT_MAX)?;
            bubble.text = string(text);
        }
        (None, Some(attachment)) => more = self::attachment(attachment, has_file, bubble)?,
        (None, None) => {
            let why = "Message cannot be empty, must provide valid attachment or text";
            return Err(parameter("messenger.text.required", why));
        }
    }
    if let Some(replies) = message.get("quick_replies") {
        quick_replies(replies, more.last_mut().unwrap_or(bubble))?;
    }
    Ok(more)
}

fn quick_replies(replies: &Value, bubble: &mut Bubble) -> Result<(), Graph> {
    let Some(replies) = replies.as_array() else {
        return Err(parameter("messenger.replies", "Param message[quick_replies] must be an array."));
    };
    if replies.len() > REPLIES_MAX {
        let why =
            format!("Param message[quick_replies] has {} entries, at most 13 are allowed", replies.len());
        return Err(parameter("messenger.replies.count", &why));
    }
    for reply in replies {
        match reply["content_type"].as_str() {
            Some("text") => {
                // An icon may stand alone.
                let least = match reply.get("image_url") {
                    Some(_) => address(reply, "image_url").map(|()| 0)?,
                    None => 1,
                };
                length(reply, "title", least, LABEL_MAX)?;
                length(reply, "payload", least, PAYLOAD_MAX)?;
                let (label, value) = (string(&reply["title"]), string(&reply["payload"]));
                bubble.buttons.push(Button { label, kind: ButtonKind::Reply, value });
            }
            Some("user_phone_number" | "user_email") => {}
            _ => {
                let why = "Param content_type must be one of {TEXT, USER_EMAIL, USER_PHONE_NUMBER}";
                return Err(parameter("messenger.replies.type", why));
            }
        }
    }
    Ok(())
}

fn attachment(attachment: &Value, has_file: bool, bubble: &mut Bubble) -> Result<Vec<Bubble>, Graph> {
    let payload = &attachment["payload"];
    match attachment["type"].as_str() {
        Some("image" | "video" | "audio" | "file") => {
            if !has_file && !payload["attachment_id"].is_string() {
                address(payload, "url")?;
            }
            Ok(Vec::new())
        }
        Some("template") => template(payload, bubble),
        _ => {
            let why = "Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}";
            Err(parameter("messenger.attachment.type", why))
        }
    }
}

fn template(payload: &Value, bubble: &mut Bubble) -> Result<Vec<Bubble>, Graph> {
    match payload["template_type"].as_str() {
        Some("button") => {
            length(payload, "text", 1, BUTTON_TEXT_MAX)?;
            bubble.text = string(&payload["text"]);
            bubble.buttons = buttons(&payload["buttons"], 1)?;
            Ok(Vec::new())
        }
        Some("generic") => generic(payload, bubble),
        Some("media" | "receipt" | "coupon" | "customer_feedback" | "product") => Ok(Vec::new()),
        _ => {
            let why = "Param message[attachment][payload][template_type] must be one of {BUTTON, GENERIC, MEDIA, \
                       RECEIPT, COUPON, PRODUCT, CUSTOMER_FEEDBACK}";
            Err(parameter("messenger.template.type", why))
        }
    }
}

fn generic(payload: &Value, bubble: &mut Bubble) -> Result<Vec<Bubble>, Graph> {
    let ratio = payload["image_aspect_ratio"].as_str().unwrap_or("horizontal");
    if !matches!(ratio, "horizontal" | "square") {
        let why = "Param image_aspect_ratio must be one of {HORIZONTAL, SQUARE}";
        return Err(parameter("messenger.template.ratio", why));
    }
    let elements = payload["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
    if elements.is_empty() || elements.len() > ELEMENTS_MAX {
        let why = format!("Param elements has {} entries, 1 to 10 are allowed", elements.len());
        return Err(parameter("messenger.template.elements", &why));
    }
    let mut shown = Vec::new();
    for element in elements {
        let mut card = bubble.clone();
        length(element, "title", 1, TITLE_MAX)?;
        length(element, "subtitle", 0, TITLE_MAX)?;
        let others = ["subtitle", "image_url", "default_action", "buttons"];
        if others.iter().all(|name| element.get(name).is_none()) {
            let why = "An element needs a title and at least one other property";
            return Err(parameter("messenger.template.element", why));
        }
        if element.get("image_url").is_some() {
            address(element, "image_url")?;
            let url = string(&element["image_url"]);
            card.media.push(crate::chat::Medium { url, content_type: "image/*".to_owned() });
        }
        if let Some(action) = element.get("default_action") {
            if action["type"] != "web_url" || action.get("title").is_some() {
                let why = "default_action has to be a web_url without a title";
                return Err(parameter("messenger.template.default-action", why));
            }
            address(action, "url")?;
        }
        card.title = Some(string(&element["title"]));
        card.text = string(&element["subtitle"]);
        card.buttons = buttons(&element["buttons"], 0)?;
        shown.push(card);
    }
    *bubble = shown.remove(0);
    Ok(shown)
}

fn buttons(buttons: &Value, least: usize) -> Result<Vec<Button>, Graph> {
    let buttons = match buttons {
        Value::Null => &[],
        given => given.as_array().map(Vec::as_slice).unwrap_or_default(),
    };
    if buttons.len() < least || buttons.len() > BUTTONS_MAX {
        let why = format!("Param buttons has {} entries, {least} to 3 are allowed", buttons.len());
        return Err(parameter("messenger.buttons.count", &why));
    }
    buttons.iter().map(button).collect()
}

fn button(button: &Value) -> Result<Button, Graph> {
    let (kind, value) = match button["type"].as_str() {
        Some("postback") => {
            length(button, "payload", 1, PAYLOAD_MAX)?;
            (ButtonKind::Postback, "payload")
        }
        Some("web_url") => {
            address(button, "url")?;
            let ratio = button["webview_height_ratio"].as_str().unwrap_or("full");
            if !matches!(ratio, "compact" | "tall" | "full") {
                let why = "Param webview_height_ratio must be one of {COMPACT, TALL, FULL}";
                return Err(parameter("messenger.buttons.ratio", why));
            }
            (ButtonKind::Link, "url")
        }
        Some("phone_number") => (ButtonKind::Link, "payload"),
        _ => {
            let why = "Param type must be one of {POSTBACK, WEB_URL, PHONE_NUMBER}";
            return Err(parameter("messenger.buttons.type", why));
        }
    };
    length(button, "title", 1, LABEL_MAX)?;
    Ok(Button { label: string(&button["title"]), kind, value: string(&button[value]) })
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn length(of: &Value, name: &str, least: usize, most: usize) -> Result<(), Graph> {
    let given = of.get(name).and_then(Value::as_str).map_or(0, |text| text.chars().count());
    if given > most {
        let why = format!("Length of param {name} must be less than or equal to {most}");
        return Err(parameter("messenger.length", &why));
    }
    if given < least {
        return Err(parameter("messenger.required", &format!("Param {name} is required")));
    }
    Ok(())
}

fn address(of: &Value, name: &str) -> Result<(), Graph> {
    if of[name].as_str().is_some_and(is_web_address) {
        return Ok(());
    }
    Err(parameter("messenger.url", &format!("Param {name} should be an https address")))
}
