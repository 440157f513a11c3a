//! The enums of the model (hubster.md §1).

use crate::hubster::numbered::numbered_enum;

numbered_enum! {
    /// Who speaks through an integration.
    pub enum IntegrationType {
        None = 0,
        Hubster = 1,
        Customer = 2,
        Agent = 3,
        Bot = 4,
        System = 5,
    }
}

numbered_enum! {
    /// By which channel an integration is reached.
    pub enum ChannelType {
        Hubster = 0,
        Direct = 1,
        Bot = 2,
        System = 3,
        Messenger = 101,
        TwilioSMS = 102,
        Line = 103,
        Telegram = 104,
        Kik = 105,
        WebChat = 106,
        Slack = 1001,
    }
}

/// Status numbers: of a hub from 2000 on, of an integration from 3000 on.
pub mod status {
    /// A hub that works.
    pub const HUB_ACTIVE: i64 = 2000;
    /// A hub whose integrations rest.
    pub const HUB_PAUSED: i64 = 2002;
    /// An integration that works.
    pub const INTEGRATION_ACTIVE: i64 = 3000;
    /// An integration that works no more.
    pub const INTEGRATION_CANCELED: i64 = 3001;
    /// A paused integration.
    pub const INTEGRATION_PAUSED: i64 = 3002;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_in_any_case_numbers_and_digit_strings_are_one_value() {
        for text in [r#""TwilioSMS""#, r#""twiliosms""#, "102", r#""102""#] {
            assert_eq!(serde_json::from_str::<ChannelType>(text).unwrap(), ChannelType::TwilioSMS, "{text}");
        }
        assert_eq!(serde_json::to_string(&ChannelType::TwilioSMS).unwrap(), r#""TwilioSMS""#);
        assert_eq!(IntegrationType::from("agent").number(), Some(3));
    }

    #[test]
    fn unknown_values_survive() {
        for (text, kept) in [
            (r#""Fax""#, r#""Fax""#),
            ("77", "77"),
            (r#""77""#, r#""77""#),
            ("-1", "-1"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            let value: ChannelType = serde_json::from_str(text).unwrap();
            assert!(!value.is_known(), "{text}");
            assert_eq!(serde_json::to_string(&value).unwrap(), kept);
            assert_eq!(serde_json::from_str::<ChannelType>(kept).unwrap(), value);
        }
        assert!(serde_json::from_str::<ChannelType>("[]").is_err());
    }
}
