//! Addresses: absolute, and no longer than the description allows.

use url::Url;
use wire::sunshine::limits::URL_CHARS_MAX;

use super::{Checked, refuse, text};

/// Checks the address of a picture, file or endpoint: absolute, http or https, with a host, up to
/// 2048 characters.
pub(crate) fn web(address: &str) -> Checked {
    text::within(address, 1, URL_CHARS_MAX)?;
    unlimited_web(address)
}

/// The same without a limit of its length, for the fields that have none.
pub(crate) fn unlimited_web(address: &str) -> Checked {
    match parse(address) {
        Some(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        Some(_) | None => refuse("must be an absolute http or https URL"),
    }
}

/// Checks an address of any scheme, such as `tel:` or `mailto:`; one that would run as a program in
/// a browser is refused.
pub(crate) fn uri(address: &str) -> Checked {
    match parse(address) {
        Some(url) if matches!(url.scheme(), "javascript" | "vbscript" | "data") => {
            refuse(format!("must not be a {}: address", url.scheme()))
        }
        Some(_) => Ok(()),
        None => refuse("must be an absolute URI"),
    }
}

/// An address without white space around or inside it, which the URL standard would drop silently.
fn parse(address: &str) -> Option<Url> {
    let is_bare = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    is_bare.then(|| Url::parse(address).ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pictures_and_endpoints_are_on_the_web() {
        for fine in [
            "https://example.org",
            "http://example.org:8080/a/b.png?c=d#e",
            "https://bücher.example/ä.png",
            "HTTPS://EXAMPLE.ORG/",
            "http://[2001:db8::1]/x",
        ] {
            assert_eq!(web(fine), Ok(()), "{fine}");
        }
        for wrong in [
            "",
            "/a.png",
            "example.org/a.png",
            "//example.org/a.png",
            "ftp://example.org/a",
            "https://",
            "mailto:a@example.org",
            "data:image/png;base64,AAAA",
            " https://example.org",
            "https://example.org/a b",
            "https://example.org\n",
        ] {
            assert!(web(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn addresses_have_at_most_2048_characters() {
        let longest = format!("https://example.org/{}", "a".repeat(URL_CHARS_MAX - 20));
        assert_eq!(web(&longest), Ok(()));
        let refusal = web(&format!("{longest}a")).unwrap_err();
        assert_eq!(refusal.to_string(), "must not be longer than 2048 characters");
        assert_eq!(unlimited_web(&format!("{longest}a")), Ok(()));
    }

    #[test]
    fn buttons_may_lead_to_other_schemes() {
        for fine in ["tel:+15145551234", "mailto:a@example.org", "https://example.org", "myapp://open/1"] {
            assert_eq!(uri(fine), Ok(()), "{fine}");
        }
        for wrong in
            ["", "a", "/a", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "tel :1"]
        {
            assert!(uri(wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in ".{0,60}|https?://.{0,60}") {
            let _ = (web(&text), uri(&text));
        }
    }
}
