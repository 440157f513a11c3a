//! Handwritten bodies with the fields that the original's examples have, and our own values.

mod apps;
mod conversations;
mod events;
mod integrations;
mod messages;
mod people;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wire::parse_body;

/// Reads a body, and writes it again without a loss.
pub fn round_trip<T: Serialize + DeserializeOwned>(value: Value) -> T {
    let text = value.to_string();
    let read: T = parse_body(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    read
}

/// Reads a body that holds more than its type keeps.
pub fn read<T: DeserializeOwned>(value: Value) -> T {
    parse_body(value.to_string().as_bytes()).unwrap()
}

/// Why a body is refused.
pub fn refusal<T: DeserializeOwned + std::fmt::Debug>(value: Value) -> String {
    parse_body::<T>(value.to_string().as_bytes()).unwrap_err().to_string()
}
