//! Making texts of channels fit the limits of the core: a text is split, a name is cut (decision 22).

/// The ellipsis that ends what was cut; it counts.
const ELLIPSIS: char = '…';

/// The text in pieces of at most `chars_max` characters, split behind a paragraph, a line or a word
/// where that leaves at least half a piece, else between characters that do not belong together.
/// Spaces at the splits go; an empty text is one empty piece.
pub fn split(text: &str, chars_max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(chars_max.max(1)) {
        let head = rest.get(..end).unwrap_or(rest);
        let at = break_in(head, rest.get(end..).unwrap_or_default());
        let (piece, behind) = rest.split_at(at);
        pieces.push(piece.trim_end().to_owned());
        rest = behind.trim_start();
    }
    if pieces.is_empty() || !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// Where to end a piece that begins as `head` and would go on as `behind`.
fn break_in(head: &str, behind: &str) -> usize {
    let half = head.len() / 2;
    let after = |mark: &str| head.rfind(mark).map(|at| at + mark.len()).filter(|at| *at > half);
    if behind.starts_with(char::is_whitespace) {
        return head.len();
    }
    after("\n\n").or_else(|| after("\n")).or_else(|| after(". ")).or_else(|| after(" ")).unwrap_or_else(
        || {
            // The first character behind must not belong to the last one in front.
            let mut at = head.len();
            let mut next = behind.chars().next();
            while at > half && next.is_some_and(joins)
                || head.get(..at).is_some_and(|head| head.ends_with('\u{200d}'))
            {
                let Some(last) = head.get(..at).and_then(|head| head.chars().next_back()) else { break };
                at -= last.len_utf8();
                next = Some(last);
            }
            if at == 0 { head.len() } else { at }
        },
    )
}

/// Whether a character belongs to the one before it: joiners, variation selectors, marks, skin tones.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{0300}'..='\u{036f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20e3}')
}

/// The text with at most `chars_max` characters, the last one an ellipsis if something was cut.
pub fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().nth(chars_max).is_none() {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push(ELLIPSIS);
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_break_where_people_would_break_them() {
        assert_eq!(split("", 5), [""]);
        assert_eq!(split("hello", 5), ["hello"]);
        assert_eq!(split("hello world", 8), ["hello", "world"]);
        assert_eq!(split("one two\n\nthree four", 12), ["one two", "three four"]);
        assert_eq!(split("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(split("hello world", 5), ["hello", "world"]);
    }

    #[test]
    fn what_belongs_together_stays_together() {
        // A family of three people is one picture of five characters.
        assert_eq!(split("aaaa👩\u{200d}👧", 6), ["aaaa", "👩\u{200d}👧"]);
        assert_eq!(split("aaaae\u{301}x", 5), ["aaaa", "e\u{301}x"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("hello", 5), "hello");
        assert_eq!(cut("hello!", 5), "hell…");
        assert_eq!(cut("hell o!", 6), "hell…");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_long(text in "[a-z \\n👩\u{200d}é]{0,200}", chars_max in 1usize..40) {
            let pieces = split(&text, chars_max);
            prop_assert!(pieces.iter().all(|piece| piece.chars().count() <= chars_max));
            let squeeze = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&pieces.concat()), squeeze(&text));
            prop_assert!(cut(&text, chars_max).chars().count() <= chars_max);
        }
    }
}
