//! Lengths of texts, in Unicode scalar values (sunshine-v2.md §6.2).

use super::{Checked, refuse};

/// Checks that a text has `min` to `max` characters.
pub(crate) fn within(text: &str, min: usize, max: usize) -> Checked {
    // A character has at least one byte: most texts need not be counted.
    if text.len() > max && text.chars().count() > max {
        return refuse(format!("must not be longer than {max} characters"));
    }
    // The smallest `min` of the description is 1; only the empty text is shorter.
    if text.chars().take(min).count() < min {
        return match min {
            1 => refuse("must not be empty"),
            _ => refuse(format!("must not be shorter than {min} characters")),
        };
    }
    Ok(())
}

/// Checks that a text has up to `max` characters.
pub(crate) fn at_most(text: &str, max: usize) -> Checked {
    within(text, 0, max)
}

/// Checks a name, title or id of the caller: 1 to `max` characters, none of which is U+0000, which
/// not every database keeps.
pub(crate) fn name(text: &str, max: usize) -> Checked {
    within(text, 1, max)?;
    match text.contains('\0') {
        true => refuse("must not contain the character U+0000"),
        false => Ok(()),
    }
}

/// Checks a text, if there is one.
pub(crate) fn opt(text: Option<&String>, check: impl FnOnce(&str) -> Checked) -> Checked {
    text.map_or(Ok(()), |text| check(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_count_characters() {
        assert_eq!(within("", 0, 3), Ok(()));
        assert_eq!(within("日本語", 1, 3), Ok(()));
        assert_eq!(within("👩👩👩", 1, 3), Ok(()));
        assert_eq!(within("", 1, 3).unwrap_err().to_string(), "must not be empty");
        let long = within("日本語!", 1, 3).unwrap_err();
        assert_eq!(long.to_string(), "must not be longer than 3 characters");
        let short = within("a", 2, 3).unwrap_err();
        assert_eq!(short.to_string(), "must not be shorter than 2 characters");
    }

    #[test]
    fn names_hold_no_zero() {
        assert_eq!(name("a b", 10), Ok(()));
        assert!(name("a\0b", 10).is_err());
        assert!(name("", 10).is_err());
    }

    proptest! {
        #[test]
        fn a_text_passes_exactly_when_its_length_fits(text in ".{0,12}", min in 0usize..8, max in 0usize..8) {
            let fits = (min..=max).contains(&text.chars().count());
            prop_assert_eq!(within(&text, min, max).is_ok(), fits);
        }
    }
}
