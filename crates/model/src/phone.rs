//! Telephone numbers in E.164 form (sunshine-v2.md §4.7).

/// Digits that a number has at least, country code included.
pub const PHONE_DIGITS_MIN: usize = 7;
/// Digits that a number has at most, country code included.
pub const PHONE_DIGITS_MAX: usize = 15;

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// It does not begin with `+` and a country code; none begins with 0.
    #[error("must begin with + and the country code")]
    NoCountryCode,
    /// Something else than digits, spaces, dashes, dots and parentheses.
    #[error("must not contain {0:?}")]
    Character(char),
    /// Too few or too many digits.
    #[error("must have {PHONE_DIGITS_MIN} to {PHONE_DIGITS_MAX} digits, has {0}")]
    Digits(usize),
}

/// The number as `+` and 7 to 15 digits. Spaces, dashes, dots and parentheses are dropped.
pub fn normalise(text: &str) -> Result<String, PhoneError> {
    let after_plus = text.trim_matches(' ').strip_prefix('+').ok_or(PhoneError::NoCountryCode)?;
    let mut number = String::from("+");
    for c in after_plus.chars() {
        match c {
            '0'..='9' => number.push(c),
            ' ' | '-' | '.' | '(' | ')' => {}
            other => return Err(PhoneError::Character(other)),
        }
    }
    let digits = number.len() - 1;
    if number.starts_with("+0") {
        return Err(PhoneError::NoCountryCode);
    }
    if !(PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits) {
        return Err(PhoneError::Digits(digits));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn drops_what_people_write_between_digits() {
        for text in ["+15145551234", "+1 514-555-1234", "+1 (514) 555.1234", "  +1(514)555 12 34 "] {
            assert_eq!(normalise(text).as_deref(), Ok("+15145551234"), "{text}");
        }
        assert_eq!(normalise("+1234567").as_deref(), Ok("+1234567"));
        assert_eq!(normalise("+123456789012345").as_deref(), Ok("+123456789012345"));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "+0123456789", "5145551234", "0049301234567", "(+1) 5145551234", "tel:+15145551234"]
        {
            assert_eq!(normalise(text), Err(PhoneError::NoCountryCode), "{text}");
        }
        assert_eq!(normalise("+"), Err(PhoneError::Digits(0)));
        assert_eq!(normalise("+123456"), Err(PhoneError::Digits(6)));
        assert_eq!(normalise("+1234567890123456"), Err(PhoneError::Digits(16)));
        assert_eq!(normalise("+1514555CALL"), Err(PhoneError::Character('C')));
        assert_eq!(normalise("++15145551234"), Err(PhoneError::Character('+')));
        assert_eq!(normalise("+١٢٣٤٥٦٧٨"), Err(PhoneError::Character('١')));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_number_or_an_error(text in "\\+?[0-9 ().\\-]{0,24}|.{0,24}") {
            if let Ok(number) = normalise(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(&number, &format!("+{digits}"));
                prop_assert!((PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len()));
                prop_assert_eq!(normalise(&number), Ok(number.clone()));
            }
        }
    }
}
