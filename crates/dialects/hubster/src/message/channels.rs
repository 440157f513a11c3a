//! What single channels make of a message, an item or a button (hubster.md §5.5): checked, and passed
//! through.

use serde_json::Value;
use wire::sunshine::limits::{DISPLAY_NAME_CHARS_MAX, TEXT_CHARS_MAX};

use super::object;
use crate::read::{Check, Fields};

/// Checks the `channels` of an object, if it has some.
pub(super) fn check(check: &mut Check, fields: &Fields<'_>) {
    for channel in objects(check, fields, "channels") {
        check.required_text(&channel, "type", DISPLAY_NAME_CHARS_MAX);
        for entry in objects(check, &channel, "metadata") {
            check.text(&entry, "key", TEXT_CHARS_MAX);
            check.text(&entry, "type", DISPLAY_NAME_CHARS_MAX);
            match entry.get("value") {
                // Colours are texts, and what is shown or not is often written as it is.
                Some(Value::Number(_) | Value::Bool(_)) => {}
                Some(_) => drop(check.text(&entry, "value", TEXT_CHARS_MAX)),
                None => check.missing(&entry, "value"),
            }
        }
    }
}

/// The objects of a list; what is none is a fault.
fn objects<'a>(check: &mut Check, fields: &Fields<'a>, name: &str) -> Vec<Fields<'a>> {
    let given = check.list(fields, name).map(Vec::as_slice).unwrap_or_default();
    let read = given.iter().enumerate().filter_map(|(at, value)| {
        let place = format!("{}[{at}]", fields.place(name));
        object(check, value, &place).map(|members| Fields::at(members, place))
    });
    read.collect()
}
