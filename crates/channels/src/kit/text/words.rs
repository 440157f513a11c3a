//! Small rules about words.

use super::Unit;
use unicode_segmentation::UnicodeSegmentation;

/// The text, or its beginning with `…` when it is longer than `max` units; the ellipsis counts, and
/// graphemes stay whole.
pub fn cut(text: &str, max: usize, unit: Unit) -> String {
    if unit.count(text) <= max {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut left = max.saturating_sub(unit.count("…"));
    for grapheme in text.graphemes(true) {
        let Some(rest) = left.checked_sub(unit.count(grapheme)) else { break };
        left = rest;
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The parts that are not empty, a line each.
pub fn lines<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// A price of so many hundredths, for example `12.50 CAD`.
pub fn price(amount: i64, currency: &str) -> String {
    let (sign, cents) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    format!("{sign}{}.{:02} {}", cents / 100, cents % 100, currency.to_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_with_an_ellipsis() {
        assert_eq!(cut("short", 5, Unit::Characters), "short");
        assert_eq!(cut("longer", 5, Unit::Characters), "long…");
        assert_eq!(cut("one two", 5, Unit::Characters), "one…");
        assert_eq!(cut("👨‍👩‍👧 family", 4, Unit::Characters), "…");
        assert_eq!(cut("x", 0, Unit::Characters), "…");
    }

    #[test]
    fn prices() {
        assert_eq!(price(1250, "cad"), "12.50 CAD");
        assert_eq!(price(-5, "usd"), "-0.05 USD");
        assert_eq!(price(i64::MIN, "usd"), "-92233720368547758.08 USD");
    }

    proptest! {
        #[test]
        fn a_cut_text_fits(text in "\\PC{0,40}", max in 1usize..30) {
            for unit in [Unit::Characters, Unit::Utf16] {
                let cut = cut(&text, max, unit);
                prop_assert!(unit.count(&cut) <= max);
                prop_assert!(cut == text || cut.ends_with('…'));
            }
        }
    }
}
