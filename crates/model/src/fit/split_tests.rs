//! Splitting: the places, and that nothing is lost.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

fn split20(text: &str) -> Vec<&str> {
    split(text, 20, Unit::Characters)
}

#[test]
fn cuts_behind_the_largest_unit() {
    assert_eq!(split20(""), Vec::<&str>::new());
    assert_eq!(split20("exactly twenty chars"), ["exactly twenty chars"]);
    assert_eq!(split20("one two three\n\nfour five six"), ["one two three\n\n", "four five six"]);
    assert_eq!(split20("one. two three\nfour five six"), ["one. two three\n", "four five six"]);
    assert_eq!(split20("One two three. Four five"), ["One two three. ", "Four five"]);
    assert_eq!(split20("one two three four five"), ["one two three four ", "five"]);
    assert_eq!(
        split20("今日は。今日はいい天気ですね。明日も晴れるでしょう。"),
        ["今日は。今日はいい天気ですね。", "明日も晴れるでしょう。"]
    );
    assert_eq!(split20("abcdefghijklmnopqrstuvwxyz"), ["abcdefghijklmnopqrst", "uvwxyz"]);
}

#[test]
fn a_break_that_would_leave_a_small_piece_is_not_taken() {
    assert_eq!(split20("Hi.\n\none two three four"), ["Hi.\n\none two three ", "four"]);
}

#[test]
fn urls_stay_whole_unless_they_are_longer() {
    assert_eq!(split20("see(https://a.example/x)"), ["see(", "https://a.example/x)"]);
    assert_eq!(split20("look https://a.example/x"), ["look ", "https://a.example/x"]);
    assert_eq!(split20("https://a.example/long/er"), ["https://a.example/lo", "ng/er"]);
}

#[test]
fn graphemes_stay_whole_unless_they_are_longer() {
    let family = "👨‍👩‍👧‍👦";
    let text = family.repeat(4);
    let expected = [family.repeat(2), family.repeat(2)];
    assert_eq!(split(&text, 14, Unit::Characters), expected);
    let marks = format!("a{}", "\u{301}".repeat(9));
    assert_eq!(split(&marks, 4, Unit::Characters).concat(), marks);
    assert_eq!(split("😀😀", 1, Unit::Utf16), ["😀", "😀"]);
}

#[test]
fn pieces_are_trimmed() {
    assert_eq!(
        pieces("one two three\n\n\n\nfour five six", 20, Unit::Characters),
        ["one two three", "four five six"]
    );
    assert_eq!(pieces(" \n ", 20, Unit::Characters), Vec::<&str>::new());
}

#[test]
fn a_tail_is_the_last_sentence() {
    let tail20 = |text| tail(text, 20, Unit::Characters);
    assert_eq!(tail20("Short."), ("", "Short."));
    assert_eq!(tail20("One is here. Two? And which one?"), ("One is here. Two? ", "And which one?"));
    assert_eq!(tail20("a sentence that is much too long"), ("a sentence that", " is much too long"));
    assert_eq!(tail20("abcdefghijklmnopqrstuvwxyz"), ("abcdef", "ghijklmnopqrstuvwxyz"));
}

proptest! {
    #[test]
    fn pieces_join_to_the_text(text in "([a-z]{1,9}|[ .!?\n]{1,3}|https://[a-z/]{1,20}|\\PC|👨‍👩‍👧|e\u{301}){0,60}", max in 8usize..60) {
        for unit in [Unit::Characters, Unit::Utf16] {
            let parts = split(&text, max, unit);
            prop_assert_eq!(parts.concat(), text.clone());
            let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
            let longest = text.graphemes(true).map(|grapheme| unit.count(grapheme)).max().unwrap_or(0);
            let mut at = 0;
            for part in parts {
                prop_assert!(!part.is_empty() && unit.count(part) <= max);
                prop_assert!(longest > max || boundaries.contains(&at));
                at += part.len();
            }
            let (head, end) = tail(&text, max, unit);
            prop_assert_eq!(format!("{head}{end}"), text.clone());
            prop_assert!(unit.count(end) <= max);
        }
    }
}
