//! Settings of an app: keys with values. Some keys have a meaning, every other one is kept as it is.

use crate::Millis;
use crate::limits::{SETTING_KEY_BYTES_MAX, SETTING_VALUE_BYTES_MAX};

/// A setting. Keys are case-sensitive and kept as they were given (decision 61).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name within the app.
    pub key: String,
    /// What it says.
    pub value: String,
    /// When it was last written.
    pub updated_at: Millis,
}

/// What the value of a key has to be (exotel.md, "Settings").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// An address that we call: an absolute http or https URL.
    Target,
    /// An absolute http or https URL that others read.
    WebAddress,
    /// The address of a web socket.
    Socket,
    /// `true` or `false`.
    Flag,
    /// Whole seconds, from 1 to [`SECONDS_MAX`].
    Seconds,
    /// Any text.
    Text,
}

/// Most seconds that a setting may name: a day.
pub const SECONDS_MAX: u32 = 86_400;

impl ValueForm {
    /// The form that the value of this key has to have.
    pub fn of(key: &str) -> ValueForm {
        match key {
            "callback" | "popup" | "missedCall" | "incomingCallHangup" => ValueForm::Target,
            "playback" => ValueForm::WebAddress,
            "streaming" => ValueForm::Socket,
            "record" => ValueForm::Flag,
            "missedCallAfterSeconds" => ValueForm::Seconds,
            _ => ValueForm::Text,
        }
    }
}

/// Checks a key: 1 to 256 bytes without NUL.
///
/// # Errors
/// What is wrong, for people.
pub fn check_key(key: &str) -> Result<(), String> {
    check_text("key", key, SETTING_KEY_BYTES_MAX)
}

/// Checks a value, whatever its key: 1 to 16,384 bytes without NUL.
///
/// # Errors
/// What is wrong, for people.
pub fn check_value(value: &str) -> Result<(), String> {
    check_text("value", value, SETTING_VALUE_BYTES_MAX)
}

fn check_text(field: &str, text: &str, bytes_max: usize) -> Result<(), String> {
    if !(1..=bytes_max).contains(&text.len()) {
        return Err(format!("{field}: must have 1 to {bytes_max} bytes"));
    }
    if text.contains('\0') {
        return Err(format!("{field}: must not contain NUL"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_end_at_their_limits() {
        assert!(check_key(&"k".repeat(256)).is_ok() && check_key(&"k".repeat(257)).is_err());
        assert!(check_key(&"é".repeat(128)).is_ok() && check_key(&"é".repeat(129)).is_err());
        assert!(check_value(&"v".repeat(16_384)).is_ok() && check_value(&"v".repeat(16_385)).is_err());
        assert!(check_key("").is_err() && check_value("").is_err());
        assert!(check_key("a\0b").is_err() && check_value("\0").is_err());
        assert!(check_key(" Any Key/with ü ").is_ok());
    }

    #[test]
    fn only_the_exact_spelling_has_a_meaning() {
        assert_eq!(ValueForm::of("callback"), ValueForm::Target);
        assert_eq!(ValueForm::of("Callback"), ValueForm::Text);
        assert_eq!(ValueForm::of(" callback"), ValueForm::Text);
    }
}
