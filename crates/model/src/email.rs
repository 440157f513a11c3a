//! Whether a text has the form of an e-mail address (sunshine-v2.md §4.2). Whether mail arrives
//! there, nobody can tell from the form.

/// Characters of an address.
pub const EMAIL_CHARS_MAX: usize = 128;
const LOCAL_CHARS_MAX: usize = 64;
const LABEL_CHARS_MAX: usize = 63;

/// Why a text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// More than [`EMAIL_CHARS_MAX`].
    #[error("must not be longer than {EMAIL_CHARS_MAX} characters")]
    TooLong,
    /// Not exactly one `@` with something on both sides.
    #[error("must have one @ between a name and a domain")]
    Shape,
    /// A space, a control character or one of `"(),:;<>[\]`.
    #[error("must not contain {0:?}")]
    Character(char),
    /// The part before the `@` is too long or has a dot at an end or two in a row.
    #[error("must have a name before the @")]
    Name,
    /// The domain is not made of labels of letters, digits and inner hyphens with dots between.
    #[error("must have a domain after the @, such as example.org")]
    Domain,
}

/// Checks the form. Letters of any script are fine on both sides; quoted names and domains that are
/// IP addresses are not.
pub fn check(text: &str) -> Result<(), EmailError> {
    if text.chars().count() > EMAIL_CHARS_MAX {
        return Err(EmailError::TooLong);
    }
    if let Some(unfit) = text.chars().find(|c| is_unfit(*c)) {
        return Err(EmailError::Character(unfit));
    }
    let (name, domain) = text.split_once('@').ok_or(EmailError::Shape)?;
    if name.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(EmailError::Shape);
    }
    if name.chars().count() > LOCAL_CHARS_MAX || name.split('.').any(str::is_empty) {
        return Err(EmailError::Name);
    }
    let has_dot = domain.contains('.');
    let all_numeric = domain.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !has_dot || all_numeric || !domain.split('.').all(is_label) {
        return Err(EmailError::Domain);
    }
    Ok(())
}

fn is_unfit(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"(),:;<>[\\]".contains(c)
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_CHARS_MAX).contains(&label.chars().count())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c == '-' || c.is_ascii_alphanumeric() || !c.is_ascii())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepts_addresses_that_people_have() {
        for text in [
            "a@b.co",
            "steve@example.org",
            "first.last+tag@mail.example.co.uk",
            "o'brien_99%x@sub-domain.example",
            "user@xn--bcher-kva.example",
            "jörg@bücher.example",
            "1@2.x3",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let longest = format!("a@{}.{}.org", "b".repeat(61), "c".repeat(60));
        assert_eq!(longest.len(), EMAIL_CHARS_MAX);
        assert_eq!(check(&longest), Ok(()));
        assert_eq!(check(&format!("{longest}x")), Err(EmailError::TooLong));
    }

    #[test]
    fn refuses_what_has_another_form() {
        for text in ["", "@", "steve", "steve@", "@example.org", "a@b@example.org"] {
            assert_eq!(check(text), Err(EmailError::Shape), "{text}");
        }
        for text in [".a@example.org", "a.@example.org", "a..b@example.org"] {
            assert_eq!(check(text), Err(EmailError::Name), "{text}");
        }
        assert_eq!(check(&format!("{}@example.org", "a".repeat(65))), Err(EmailError::Name));
        for text in [
            "a@localhost",
            "a@.org",
            "a@example.",
            "a@b..c",
            "a@-b.org",
            "a@b-.org",
            "a@b_c.org",
            "a@10.0.0.1",
        ] {
            assert_eq!(check(text), Err(EmailError::Domain), "{text}");
        }
        assert_eq!(check(&format!("a@{}.org", "b".repeat(64))), Err(EmailError::Domain));
        for (text, unfit) in [
            ("a b@example.org", ' '),
            ("a@example.org\n", '\n'),
            ("a\0@example.org", '\0'),
            ("<a@example.org>", '<'),
            ("\"a\"@example.org", '"'),
            ("a@[10.0.0.1]", '['),
            ("mailto:a@example.org", ':'),
            ("a\u{a0}@example.org", '\u{a0}'),
        ] {
            assert_eq!(check(text), Err(EmailError::Character(unfit)), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_has_one_at_and_a_dotted_domain(text in "[a-z.@\\- ]{0,20}|.{0,140}") {
            if check(&text).is_ok() {
                prop_assert!(text.chars().count() <= EMAIL_CHARS_MAX);
                prop_assert_eq!(text.matches('@').count(), 1);
                prop_assert!(text.rsplit('@').next().is_some_and(|domain| domain.contains('.')));
                prop_assert!(!text.contains(char::is_whitespace));
            }
        }

        #[test]
        fn plain_addresses_pass(text in "[a-z0-9]{1,20}(\\.[a-z0-9]{1,10})?@([a-z0-9]{1,10}\\.){1,4}[a-z]{2,6}") {
            prop_assert_eq!(check(&text), Ok(()));
        }
    }
}
