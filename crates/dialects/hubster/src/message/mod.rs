//! Messages and events of activities: read and checked, and translated onto the core's content
//! (hubster.md §5.2–5.4). What the core cannot express keeps its original JSON (decision 21).

mod actions;
mod channels;
mod content;
mod event;
mod items;
mod link;
mod settled;
mod shown;
#[cfg(test)]
mod tests;

pub(crate) use event::{Event, read as event};
pub(crate) use link::is_empty;
pub(crate) use settled::{event as settled_event, with_names};
pub(crate) use shown::{original, shown};

use model::content::Content;
use model::record::Prepared;
use serde_json::{Map, Value};

use crate::read::{Check, Fields};

/// Who writes a message: customers may not write everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// Agents, bots and the platform.
    Business,
    /// Customers.
    Customer,
}

/// Types of a message.
const TYPES: &[&str] = &[
    "text",
    "youtube",
    "vimeo",
    "video",
    "audio",
    "image",
    "attachment",
    "location",
    "contact",
    "card",
    "carousel",
    "list",
];

/// Types that only the business may write.
const BUSINESS_TYPES: &[&str] = &["carousel", "list"];

/// A message that was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    /// What the core makes of it.
    pub(crate) content: Content,
    /// How it is delivered: with the documentation's names and types, whatever was accepted.
    pub(crate) message: Value,
}

/// Takes a message: a text that is a link becomes what it leads to.
pub(crate) fn take(check: &mut Check, value: &Value, place: &str, writer: Writer) -> Option<Taken> {
    let message = link::enriched(with_names(value));
    let content = read(check, &message, place, writer)?;
    Some(Taken { content, message: settled::message(message) })
}

/// A message that is written beforehand; its author sees it as it was written.
pub(crate) fn prepared(check: &mut Check, value: &Value, place: &str, writer: Writer) -> Option<Prepared> {
    let Taken { content, message } = take(check, value, place, writer)?;
    Some(Prepared::new(Some(content), value.clone(), message))
}

/// The same for an event.
pub(crate) fn prepared_event(check: &mut Check, value: &Value, place: &str) -> Option<Prepared> {
    let named = with_names(value);
    event(check, &named, place)?;
    Some(Prepared::new(None, value.clone(), settled_event(named)))
}

/// Reads a message.
fn read(check: &mut Check, value: &Value, place: &str, writer: Writer) -> Option<Content> {
    let members = object(check, value, place)?;
    let fields = Fields::at(members, place.to_owned());
    let kind = known_type(check, &fields, TYPES)?;
    if writer != Writer::Business && BUSINESS_TYPES.contains(&kind) {
        check.fail(check.codes.not_supported, format!("A customer cannot send a message of type '{kind}'."));
        return None;
    }
    let before = check.count();
    channels::check(check, &fields);
    let content = content::read(check, &fields, kind);
    content.filter(|_| check.count() == before)
}

fn object<'a>(check: &mut Check, value: &'a Value, place: &str) -> Option<&'a Map<String, Value>> {
    if value.as_object().is_none() {
        check.fail(check.codes.wrong_type, format!("Property '{place}' must be an object."));
    }
    value.as_object()
}

/// The `type` of an object, if it is one of these.
fn known_type(check: &mut Check, fields: &Fields<'_>, types: &[&'static str]) -> Option<&'static str> {
    let Some(value) = fields.get("type") else {
        check.missing(fields, "type");
        return None;
    };
    let known = value.as_str().and_then(|text| types.iter().find(|kind| kind.eq_ignore_ascii_case(text)));
    if known.is_none() {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        check.fail(
            check.codes.not_supported,
            format!("Type '{shown}' of '{}' is not supported.", fields.place("type")),
        );
    }
    known.copied()
}
