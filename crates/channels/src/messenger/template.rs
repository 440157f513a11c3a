//! Buttons and cards in Messenger's form (channels.md §2.3).

use model::content::{Action, ActionKind, Item};
use model::phone;
use serde_json::{Map, Value, json};

use crate::channel::Rendered;
use crate::kit::outbound::{is_web, label_of, media_url, short_payload};
use crate::kit::text::fallback::{address, buy_line, link_line};
use crate::kit::text::{Unit, cut, lines};

/// Label of a button or quick reply, in characters.
const LABEL_MAX: usize = 20;
/// Title and subtitle of a card, each, in characters.
const CARD_TEXT_MAX: usize = 80;
/// Payload of a button or quick reply, in characters; we count bytes, which are never fewer.
const PAYLOAD_MAX: usize = 1_000;
/// Buttons of one template.
pub(super) const BUTTONS_MAX: usize = 3;

/// A label, cut where it is too long.
fn label(part: &str, action: &Action, out: &mut Rendered) -> String {
    let label = cut(&action.text, LABEL_MAX, Unit::Characters);
    if label != action.text {
        out.lose(format!("{part}.text"), format!("cut to {LABEL_MAX} characters"));
    }
    label
}

/// A quick reply. An icon may stand alone.
pub(super) fn quick_reply(at: usize, action: &Action, out: &mut Rendered) -> Value {
    let title = match action.text.trim().is_empty() {
        true if action.icon_url.is_some() => String::new(),
        true => label_of(at, action).into_owned(),
        false => label(&format!("content.actions[{at}]"), action, out),
    };
    let payload = short_payload(action, &title, PAYLOAD_MAX, &mut out.choices);
    let mut reply = json!({ "content_type": "text", "title": title, "payload": payload });
    if let Some(icon) = &action.icon_url {
        reply["image_url"] = icon.as_str().into();
    }
    reply
}

/// A button, or the line of text in place of it.
pub(super) fn button(part: &str, action: &Action, out: &mut Rendered) -> Result<Value, String> {
    match action.kind {
        ActionKind::Postback | ActionKind::Reply => {
            let title = label(part, action, out);
            let payload = short_payload(action, &title, PAYLOAD_MAX, &mut out.choices);
            Ok(json!({ "type": "postback", "title": title, "payload": payload }))
        }
        ActionKind::Link | ActionKind::Webview => link(part, action, out),
        ActionKind::Buy => {
            out.lose(part, "a line with the price, without payment");
            Err(buy_line(action))
        }
        ActionKind::LocationRequest => {
            out.lose(part, "its label as text");
            Err(action.text.clone())
        }
    }
}

fn link(part: &str, action: &Action, out: &mut Rendered) -> Result<Value, String> {
    let number = action.uri.as_deref().and_then(|uri| uri.strip_prefix("tel:"));
    // Parameters of the address (RFC 3966) are not of the number.
    let number = number.and_then(|number| phone::normalise(number.split(';').next()?).ok());
    if let Some(number) = number {
        return Ok(json!({ "type": "phone_number", "title": label(part, action, out), "payload": number }));
    }
    let own = action.uri.as_deref().filter(|uri| is_web(uri));
    let Some(url) = own.or_else(|| address(action).filter(|uri| is_web(uri))) else {
        out.lose(part, "a line with the address: only web addresses and numbers can be buttons");
        return Err(link_line(action));
    };
    let mut button = json!({ "type": "web_url", "title": label(part, action, out), "url": url });
    if let Some(size) = action.size.as_deref().filter(|_| action.kind == ActionKind::Webview) {
        button["webview_height_ratio"] = size.into();
    }
    let options = action.extra_channel_options.as_ref().and_then(|options| options.get("messenger"));
    for name in ["messenger_extensions", "webview_share_button"] {
        if let Some(value) = options.and_then(|options| options.get(name)) {
            button[name] = value.clone();
        }
    }
    Ok(button)
}

/// A card, and the buttons that found no place on it.
pub(super) fn element<'a>(part: &str, item: &'a Item, out: &mut Rendered) -> (Value, &'a [Action]) {
    let (first, rest) = item.actions.split_at(item.actions.len().min(BUTTONS_MAX));
    let numbered = first.iter().enumerate();
    let buttons: Vec<Result<Value, String>> =
        numbered.map(|(at, action)| button(&format!("{part}.actions[{at}]"), action, out)).collect();
    let texts: Vec<&str> =
        buttons.iter().filter_map(|button| button.as_ref().err()).map(String::as_str).collect();
    let subtitle = lines(std::iter::once(item.description.as_deref().unwrap_or_default()).chain(texts));

    let mut element = Map::new();
    element.insert("title".to_owned(), card_text(&format!("{part}.title"), &item.title, out).into());
    if !subtitle.is_empty() {
        let subtitle = card_text(&format!("{part}.description"), &subtitle, out);
        element.insert("subtitle".to_owned(), subtitle.into());
    }
    if let Some(media) = &item.media {
        element.insert("image_url".to_owned(), media_url(media).into());
    }
    if let Some(url) = default_address(item) {
        element.insert("default_action".to_owned(), json!({ "type": "web_url", "url": url }));
    }
    let buttons: Vec<Value> = buttons.into_iter().filter_map(Result::ok).collect();
    if !buttons.is_empty() {
        element.insert("buttons".to_owned(), buttons.into());
    }
    (element.into(), rest)
}

fn card_text(part: &str, text: &str, out: &mut Rendered) -> String {
    let short = cut(text, CARD_TEXT_MAX, Unit::Characters);
    if short != text {
        out.lose(part, format!("cut to {CARD_TEXT_MAX} characters"));
    }
    short
}

/// Where the whole card leads.
fn default_address(item: &Item) -> Option<&str> {
    let default = item.actions.iter().find(|action| action.default == Some(true))?;
    default.uri.as_deref().filter(|uri| is_web(uri))
}
