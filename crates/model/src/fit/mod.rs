//! Making texts fit limits, the core's and those of channels: a text is split, a name is cut (decision 22).

mod split;

use unicode_segmentation::UnicodeSegmentation;

pub use split::{pieces, split, tail};

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// UTF-16 code units.
    Utf16,
}

impl Unit {
    /// How many of it a text has.
    pub fn count(self, text: &str) -> usize {
        match self {
            Unit::Characters => text.chars().count(),
            Unit::Utf16 => text.encode_utf16().count(),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_with_an_ellipsis() {
        assert_eq!(cut("short", 5, Unit::Characters), "short");
        assert_eq!(cut("longer", 5, Unit::Characters), "long…");
        assert_eq!(cut("one two", 5, Unit::Characters), "one…");
        assert_eq!(cut("👨\u{200d}👩\u{200d}👧 family", 4, Unit::Characters), "…");
        assert_eq!(cut("x", 0, Unit::Characters), "…");
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
