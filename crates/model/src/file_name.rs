//! Names of files that come from outside, as they can stand in an address, in a header and on a disk.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a file is called that has no name.
pub const DEFAULT: &str = "file";

/// Longest ending, in characters, that is kept when a name is cut: it tells people what the file is.
const ENDING_CHARS_MAX: usize = 16;

/// A name without its folders, without leading dots, and without characters that do something instead of
/// being shown: controls, and those that turn the direction of writing, behind which another ending can hide.
/// Quotes become `_`. At most `chars_max` characters, the ending included; `None` when nothing is left.
pub fn clean(name: &str, chars_max: usize) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = name.chars().filter(|letter| !letter.is_control() && !turns_direction(*letter));
    let name: String = shown.map(|letter| if letter == '"' { '_' } else { letter }).collect();
    let name = name.trim_start_matches(|letter: char| letter == '.' || letter.is_whitespace()).trim_end();
    if name.chars().nth(chars_max).is_none() {
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ending.chars().count() <= ENDING_CHARS_MAX);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let stem = chars_max.saturating_sub(ending.chars().count());
    Some(name.chars().take(stem).chain(ending.chars()).collect())
}

/// What stays as it is in an address (RFC 3986 §2.3) and in a header's value (RFC 8187 §3.2.1).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as one segment of an address, or as an extended value of a header.
pub fn percent_encoded(name: &str) -> String {
    utf8_percent_encode(name, ENCODED).to_string()
}

/// Whether a character turns the direction of writing, or ends such a turn.
fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_of_a_name_means_something_in_an_address() {
        assert_eq!(percent_encoded("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(percent_encoded("ü?/ %'\""), "%C3%BC%3F%2F%20%25%27%22");
    }

    #[test]
    fn names_are_harmless() {
        for (told, clean_name) in [
            ("../../etc/pass\nwd.txt", Some("passwd.txt")),
            ("C:\\x\\bill.pdf", Some("bill.pdf")),
            (" .\u{0}.htaccess ", Some("htaccess")),
            ("say \"hi\".txt", Some("say _hi_.txt")),
            ("photo\u{202e}gpj.exe", Some("photogpj.exe")),
            ("Käse 1.0.txt", Some("Käse 1.0.txt")),
            ("x/", None),
            (" .. ", None),
            ("", None),
        ] {
            assert_eq!(clean(told, 128).as_deref(), clean_name, "{told:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        assert_eq!(clean("éééééé.png", 8).as_deref(), Some("éééé.png"));
        assert_eq!(clean("a sentence. And another one, long", 8).as_deref(), Some("a senten"));
    }

    proptest! {
        #[test]
        fn any_name_is_safe(told in "(\\PC|[./\\\\\"\n]){0,60}", chars_max in 20usize..40) {
            if let Some(name) = clean(&told, chars_max) {
                prop_assert!(!name.is_empty() && name.chars().count() <= chars_max);
                prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', '"', '\n']));
                prop_assert_eq!(clean(&name, chars_max), Some(name.trim_end().to_owned()));
            }
        }
    }
}
