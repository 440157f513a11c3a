//! Buttons on WhatsApp: Twilio sends them as a content of its own, which has to be made before. Within a
//! day of the customer's last message it takes up to three quick replies, or a list of up to ten rows,
//! without WhatsApp's approval (channels.md §6). What does not fit stays numbered text, and so does
//! everything where Twilio does not make the content.

use std::collections::BTreeSet;

use model::content::{Action, ActionKind, Text};
use serde_json::{Value, json};

use super::{CONTENT_HOST, signed};
use crate::channel::Account;
use crate::kit::crypto::{hex, sha256};
use crate::kit::outbound::{lose_icon, plain_words, short_payload};
use crate::kit::provider::endpoint;
use crate::kit::text::fallback::{Numbering, blocks};
use crate::kit::text::{Unit, cut};
use crate::plan::{Better, Plan};

/// Characters above the buttons.
const BODY_MAX: usize = 1_024;
/// Quick replies, and characters on one.
const REPLIES_MAX: usize = 3;
const REPLY_CHARS_MAX: usize = 20;
/// Rows of a list, and characters of a row's first and second line.
const ROWS_MAX: usize = 10;
const ROW_CHARS_MAX: usize = 24;
const DESCRIPTION_CHARS_MAX: usize = 72;
/// What comes back with a press.
const PAYLOAD_BYTES_MAX: usize = 200;
/// What opens the list.
const LIST_LABEL: &str = "Options";
/// Begins a variable inside a content.
const VARIABLE: &str = "{{";

/// A text with buttons: what is written where they cannot be shown, and the content that shows them.
pub(super) struct Interactive {
    pub(super) body: String,
    pub(super) better: Better,
}

/// The buttons of a text as a content; `None` where they do not fit one.
pub(super) fn interactive(
    account: &Account<'_>,
    text: &Text,
    numbering: &mut Numbering,
) -> Option<Interactive> {
    let words = plain_words(text.text.as_deref(), text.html_text.as_deref());
    let is_pressed = |action: &&Action| matches!(action.kind, ActionKind::Reply | ActionKind::Postback);
    let pressed: Vec<&Action> = text.actions.iter().filter(is_pressed).collect();
    let labels = || pressed.iter().map(|action| action.text.as_str());
    let has_variable = std::iter::once(words.as_str()).chain(labels()).any(|text| text.contains(VARIABLE));
    let fits = |label: &str| !label.trim().is_empty() && label.chars().count() <= DESCRIPTION_CHARS_MAX;
    let has_room = (1..=ROWS_MAX).contains(&pressed.len()) && labels().all(fits);
    // WhatsApp takes no two buttons that say or bring back the same.
    let are_distinct = labels().collect::<BTreeSet<_>>().len() == pressed.len();
    if has_variable || !has_room || !are_distinct || words.trim().is_empty() {
        return None;
    }
    // Lines for what cannot be pressed stand above the buttons; only people without buttons get numbers.
    let mut own = Numbering::default();
    let mut lines = Vec::new();
    let mut numbered = Vec::new();
    for (at, action) in text.actions.iter().enumerate() {
        let losses = own.losses.len();
        let line = own.line(&format!("content.actions[{at}]"), action);
        if is_pressed(&action) {
            own.losses.truncate(losses);
            lose_icon(&mut own.losses, &format!("content.actions[{at}]"), action);
        } else {
            lines.push(line.clone());
        }
        numbered.push(line);
    }
    let above = blocks(&words, &lines.join("\n"));
    let body = blocks(&words, &numbered.join("\n"));
    let ids: Vec<String> = pressed.iter().map(|action| id(action, &mut own)).collect();
    let is_long = above.chars().count() > BODY_MAX || Unit::Utf16.count(&body) > super::render::BODY_MAX;
    if is_long || ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return None;
    }
    let types = match pressed.len() <= REPLIES_MAX && labels().all(|it| it.chars().count() <= REPLY_CHARS_MAX)
    {
        true => quick_replies(&above, &pressed, &ids),
        false => list(&above, &pressed, &ids),
    };
    numbering.losses.append(&mut own.losses);
    numbering.choices.append(&mut own.choices);
    Some(Interactive { body, better: better(account, &types) })
}

/// What a press brings back: a reply's payload; a postback's key, since Twilio tells nothing apart.
fn id(action: &Action, numbering: &mut Numbering) -> String {
    let max = if action.kind == ActionKind::Reply { PAYLOAD_BYTES_MAX } else { 0 };
    short_payload(action, &action.text, max, &mut numbering.choices)
}

fn quick_replies(body: &str, actions: &[&Action], ids: &[String]) -> Value {
    let actions = actions.iter().zip(ids).map(|(action, id)| json!({ "title": action.text, "id": id }));
    json!({ "twilio/quick-reply": { "body": body, "actions": actions.collect::<Vec<_>>() } })
}

/// A row needs a second line; it has room for the label that the first line cuts.
fn list(body: &str, actions: &[&Action], ids: &[String]) -> Value {
    let items = actions.iter().zip(ids).map(|(action, id)| {
        json!({
            "item": cut(&action.text, ROW_CHARS_MAX, Unit::Characters),
            "id": id,
            "description": action.text,
        })
    });
    json!({ "twilio/list-picker": { "body": body, "button": LIST_LABEL, "items": items.collect::<Vec<_>>() } })
}

/// Equal contents have equal names, so that each is made once.
fn better(account: &Account<'_>, types: &Value) -> Better {
    let name = format!("crosspoint-{}", hex(&sha256(types.to_string().as_bytes())));
    let body = json!({ "friendly_name": name, "language": "en", "types": types });
    let make = signed(account, Plan::json(endpoint(account, CONTENT_HOST, "/v1/Content"), body));
    Better { make, name, pointer: "/sid", field: "ContentSid", instead_of: "Body" }
}
