//! A message or an event as it is delivered: names and types as the documentation writes them, numbers as
//! numbers, whatever was accepted (hubster.md §1). Members that the documentation does not have stay.

use serde_json::{Map, Number, Value};

/// Names of members.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "type", "text", "items", "actions", "channels", "url", "label", "mimeType", "fallbackImageUrl", "size", "length",
    "urlAnchor", "alt", "title", "titleColor", "subtitle", "content", "urlType", "imageUrl", "mediaUrl", "address",
    "latitude", "longitude", "properties", "key", "value", "metadata", "payload", "payloadType", "urlIcon", "urlImage",
    "isDefault",
];

/// A value with its members' names as the documentation writes them, whatever their case, and without
/// nulls. What an event carries is its sender's own and stays.
pub(crate) fn with_names(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut named = Map::with_capacity(members.len());
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let shown = shown_name(name);
                // Of two spellings the documented one counts.
                if shown != *name && named.contains_key(&shown) {
                    continue;
                }
                let value = if shown == "payload" { value.clone() } else { with_names(value) };
                named.insert(shown, value);
            }
            Value::Object(named)
        }
        Value::Array(items) => Value::Array(items.iter().map(with_names).collect()),
        other => other.clone(),
    }
}

fn shown_name(name: &str) -> String {
    if let Some(known) = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return (*known).to_owned();
    }
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

/// A message that was read without a fault.
pub(super) fn message(mut message: Value) -> Value {
    if let Value::Object(members) = &mut message {
        settle(members);
    }
    message
}

/// An event that was read without a fault.
pub(crate) fn event(mut event: Value) -> Value {
    if let Value::Object(members) = &mut event {
        word(members, "type");
    }
    event
}

fn settle(members: &mut Map<String, Value>) {
    word(members, "type");
    each(members, "channels", channel);
    match members.get("type").and_then(Value::as_str) {
        Some("text") => {
            each(members, "items", settle);
            each(members, "actions", action);
        }
        Some("location") => {
            decimal(members, "latitude");
            decimal(members, "longitude");
        }
        Some("contact") => each(members, "properties", property),
        Some("card") => {
            medium(members);
            each(members, "actions", action);
        }
        Some("carousel") => each(members, "items", item),
        Some("list") => {
            each(members, "items", item);
            each(members, "actions", action);
        }
        _ => {
            whole(members, "size");
            whole(members, "length");
        }
    }
}

fn item(members: &mut Map<String, Value>) {
    word(members, "type");
    // An item may say by its type what its address leads to.
    let own = members.get("type").filter(|kind| kind.as_str() != Some("card")).cloned();
    if let Some(kind) = own.filter(|_| !members.contains_key("urlType")) {
        members.insert("urlType".to_owned(), kind);
    }
    medium(members);
    each(members, "channels", channel);
    each(members, "actions", action);
}

/// What an address leads to; its older names stand beside the present one.
fn medium(members: &mut Map<String, Value>) {
    word(members, "urlType");
    if members.contains_key("url") {
        return;
    }
    let older = ["imageUrl", "mediaUrl"].into_iter().find_map(|name| members.get(name).cloned());
    if let Some(url) = older {
        members.insert("url".to_owned(), url);
        members.entry("urlType").or_insert_with(|| Value::from("image"));
    }
}

fn action(members: &mut Map<String, Value>) {
    word(members, "type");
    each(members, "channels", channel);
}

fn channel(members: &mut Map<String, Value>) {
    each(members, "metadata", |entry| {
        property(entry);
        if let Some(value) = entry.get_mut("value")
            && !value.is_string()
        {
            *value = Value::String(value.to_string());
        }
    });
}

/// A name and a value; published types have both.
fn property(members: &mut Map<String, Value>) {
    members.entry("key").or_insert_with(|| Value::from(""));
}

fn each(members: &mut Map<String, Value>, name: &str, settle: impl Fn(&mut Map<String, Value>)) {
    let Some(Value::Array(items)) = members.get_mut(name) else { return };
    items.iter_mut().filter_map(Value::as_object_mut).for_each(settle);
}

fn word(members: &mut Map<String, Value>, name: &str) {
    if let Some(Value::String(text)) = members.get_mut(name) {
        text.make_ascii_lowercase();
    }
}

/// A whole number that may stand as digits.
fn whole(members: &mut Map<String, Value>, name: &str) {
    number(members, name, |text| text.parse::<i64>().ok().map(Number::from));
}

fn decimal(members: &mut Map<String, Value>, name: &str) {
    number(members, name, |text| text.parse().ok().and_then(Number::from_f64));
}

fn number(members: &mut Map<String, Value>, name: &str, read: impl Fn(&str) -> Option<Number>) {
    let Some(value) = members.get_mut(name) else { return };
    if let Some(number) = value.as_str().and_then(|text| read(text.trim())) {
        *value = Value::Number(number);
    }
}
