//! From the vendor's JSON to the hub's drafts: pure checks whose refusals name the field
//! (sunshine-v2.md §2.3).
//!
//! What a check refuses it names from the inside out: `text::within(…).at("title")` inside
//! `.nth("items", 2)` becomes `items[2].title: …`. Names are put together only for a refusal.

pub(crate) mod action;
pub(crate) mod activity;
pub(crate) mod app;
pub(crate) mod author;
pub(crate) mod client;
pub(crate) mod content;
pub(crate) mod control;
pub(crate) mod conversation;
pub(crate) mod form;
pub(crate) mod id;
pub(crate) mod integration;
pub(crate) mod item;
pub(crate) mod key;
pub(crate) mod message;
pub(crate) mod metadata;
pub(crate) mod participant;
pub(crate) mod patch;
pub(crate) mod rich_text;
pub(crate) mod switchboard;
pub(crate) mod text;
pub(crate) mod url;
pub(crate) mod user;
pub(crate) mod webhook;

use wire::BodyError;

use crate::http::error::ApiError;

/// Why a body is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// The field, as `content.items[2].title`; empty for the body as a whole.
    path: String,
    message: String,
}

/// The outcome of a check.
pub(crate) type Checked<T = ()> = std::result::Result<T, Invalid>;

impl Invalid {
    /// A refusal of the value that is being looked at.
    pub(crate) fn new(message: impl Into<String>) -> Invalid {
        Invalid { path: String::new(), message: message.into() }
    }

    fn under(mut self, step: &str) -> Invalid {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl From<BodyError> for Invalid {
    fn from(error: BodyError) -> Invalid {
        Invalid { path: error.path, message: error.message }
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> ApiError {
        ApiError::bad_request(invalid.to_string())
    }
}

/// Says where a refused value stands.
pub(crate) trait At {
    /// It is this field.
    fn at(self, field: &str) -> Self;
    /// It is this element, counted from 0, of this list.
    fn nth(self, field: &str, index: usize) -> Self;
}

impl<T> At for Checked<T> {
    fn at(self, field: &str) -> Checked<T> {
        self.map_err(|invalid| invalid.under(field))
    }

    fn nth(self, field: &str, index: usize) -> Checked<T> {
        self.map_err(|invalid| invalid.under(&format!("{field}[{index}]")))
    }
}

/// Refuses the whole body.
pub(crate) fn refuse<T>(message: impl Into<String>) -> Checked<T> {
    Err(Invalid::new(message))
}

/// Checks the number of entries of a list.
pub(crate) fn count(entries: usize, min: usize, max: usize) -> Checked {
    if (min..=max).contains(&entries) {
        return Ok(());
    }
    refuse(match (min, max) {
        (min, max) if min == max => format!("must have exactly {min} {}", entries_word(min)),
        (0, max) => format!("must not have more than {max} {}", entries_word(max)),
        (min, max) => format!("must have {min} to {max} entries"),
    })
}

fn entries_word(count: usize) -> &'static str {
    if count == 1 { "entry" } else { "entries" }
}

/// Refuses a value that is not among the `known` ones of a string enum.
pub(crate) fn one_of<T>(value: T, is_known: bool, known: &[&str]) -> Checked<T> {
    match is_known {
        true => Ok(value),
        false => refuse(format!("must be one of {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_refusal_names_the_field_from_outside_to_inside() {
        let inner: Checked = refuse("must not be longer than 128 characters");
        let refusal = inner.at("title").nth("items", 2).at("content").unwrap_err();
        assert_eq!(refusal.to_string(), "content.items[2].title: must not be longer than 128 characters");
        assert_eq!(refuse::<()>("must be an object").unwrap_err().to_string(), "must be an object");
    }

    #[test]
    fn lists_have_their_lengths() {
        assert_eq!(count(1, 1, 10), Ok(()));
        for (entries, min, max, text) in [
            (0, 1, 10, "must have 1 to 10 entries"),
            (2, 1, 1, "must have exactly 1 entry"),
            (11, 0, 10, "must not have more than 10 entries"),
        ] {
            assert_eq!(count(entries, min, max).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn unknown_values_are_refused_with_the_known_ones() {
        assert_eq!(one_of(1, true, &["a"]), Ok(1));
        assert_eq!(one_of(1, false, &["a", "b"]).unwrap_err().to_string(), "must be one of a, b");
    }
}
