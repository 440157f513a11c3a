//! Buttons (hubster.md §5.3).

use model::content::{Action, ActionKind};
use serde_json::Value;
use wire::sunshine::limits::URL_CHARS_MAX;

use super::{channels, known_type, object};
use crate::read::{Check, Fields};

/// Characters of a button's label.
const TITLE_CHARS_MAX: usize = 128;
/// Characters of what a button gives back.
const PAYLOAD_CHARS_MAX: usize = 1_000;

/// Reads the buttons of a message or an item; none is fine.
pub(super) fn read(check: &mut Check, fields: &Fields<'_>) -> Option<Vec<Action>> {
    let Some(given) = fields.has("actions").then(|| check.list(fields, "actions")) else {
        return Some(Vec::new());
    };
    let read = given?.iter().enumerate().map(|(at, value)| {
        let place = format!("{}[{at}]", fields.place("actions"));
        action(check, value, &place)
    });
    let read: Vec<Option<Action>> = read.collect();
    read.into_iter().collect()
}

fn action(check: &mut Check, value: &Value, place: &str) -> Option<Action> {
    let fields = Fields::at(object(check, value, place)?, place.to_owned());
    let kind = known_type(check, &fields, &["link", "postback", "reply"])?;
    let text = check.required_text(&fields, "title", TITLE_CHARS_MAX);
    let before = check.count();
    let icon_url = check.text(&fields, "urlIcon", URL_CHARS_MAX);
    check.text(&fields, "urlImage", URL_CHARS_MAX);
    channels::check(check, &fields);
    let is_default = check.flag(&fields, "isDefault");
    let (kind, payload, uri) = match kind {
        "link" => (ActionKind::Link, None, Some(address(check, &fields, "url")?)),
        "postback" => (ActionKind::Postback, Some(payload(check, &fields)?), None),
        _ => (ActionKind::Reply, Some(payload(check, &fields)?), None),
    };
    if check.count() > before {
        return None;
    }
    Some(Action {
        kind,
        text: text?,
        payload,
        uri,
        fallback: None,
        amount: None,
        currency: None,
        icon_url: icon_url.filter(|_| kind == ActionKind::Reply),
        default: is_default.filter(|_| kind == ActionKind::Link),
        size: None,
        open_on_receive: None,
        extra_channel_options: None,
        metadata: None,
    })
}

fn payload(check: &mut Check, fields: &Fields<'_>) -> Option<String> {
    check.required_text(fields, "payload", PAYLOAD_CHARS_MAX)
}

/// An address that must be there; without a scheme it gets one, as the documentation's examples need.
pub(super) fn address(check: &mut Check, fields: &Fields<'_>, name: &str) -> Option<String> {
    let text = check.required_text(fields, name, URL_CHARS_MAX)?;
    let text = if text.contains("://") { text } else { format!("https://{text}") };
    let fits =
        url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !fits {
        check.not_valid(&Value::String(text));
        return None;
    }
    Some(text)
}
