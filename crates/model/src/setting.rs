//! Settings of an app: keys with values. Some keys have a meaning, every other one is kept as it is.

use crate::Millis;
use crate::event::EventType;
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
            "playback" | "recording_url" => ValueForm::WebAddress,
            "streaming" => ValueForm::Socket,
            "record" | "streaming_enabled" => ValueForm::Flag,
            ANSWER_WITHIN_SECONDS => ValueForm::Seconds,
            _ => ValueForm::Text,
        }
    }
}

/// The key of how long an opened conversation may wait for an answer, seconds.
pub const ANSWER_WITHIN_SECONDS: &str = "missedCallAfterSeconds";

/// How long that is where the setting says nothing, seconds.
pub const ANSWER_WITHIN_SECONDS_DEFAULT: u32 = 300;

/// What the address that a setting names is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// What becomes of each message of the business.
    Outbound,
    /// A customer's message opens a conversation, or opens it again.
    Opened,
    /// Nobody answered in time.
    Unanswered,
    /// Control of a conversation is released.
    Released,
}

impl Notice {
    /// What the address under this key is told; `None` for keys whose value is only kept.
    pub fn of(key: &str) -> Option<Notice> {
        match key {
            "callback" => Some(Notice::Outbound),
            "popup" => Some(Notice::Opened),
            "missedCall" => Some(Notice::Unanswered),
            "incomingCallHangup" => Some(Notice::Released),
            _ => None,
        }
    }

    /// The events of which it is told, as bits.
    pub fn triggers(self) -> i64 {
        let kinds: &[EventType] = match self {
            Notice::Outbound => &[
                EventType::ConversationMessage,
                EventType::DeliveryChannel,
                EventType::DeliveryUser,
                EventType::DeliveryFailure,
                EventType::MessageRead,
            ],
            Notice::Opened => &[EventType::ConversationOpen],
            Notice::Unanswered => &[EventType::ConversationUnanswered],
            Notice::Released => &[EventType::ReleaseControl],
        };
        kinds.iter().fold(0, |bits, kind| bits | kind.bit())
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
    fn only_addresses_that_we_call_are_told_something() {
        for key in ["callback", "popup", "missedCall", "incomingCallHangup"] {
            assert!(Notice::of(key).is_some() && ValueForm::of(key) == ValueForm::Target, "{key}");
        }
        for key in ["Callback", "playback", "streaming", "record", ANSWER_WITHIN_SECONDS, ""] {
            assert!(Notice::of(key).is_none() && ValueForm::of(key) != ValueForm::Target, "{key}");
        }
    }

    #[test]
    fn only_the_exact_spelling_has_a_meaning() {
        assert_eq!(ValueForm::of("callback"), ValueForm::Target);
        assert_eq!(ValueForm::of("Callback"), ValueForm::Text);
        assert_eq!(ValueForm::of(" callback"), ValueForm::Text);
    }
}
