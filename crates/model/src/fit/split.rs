//! Splitting a text that is longer than whoever gets it takes (channels.md §0.3).

use unicode_segmentation::UnicodeSegmentation;

use super::Unit;

/// The pieces of a text as messages: each within the limit, without blanks at the end and empty
/// lines at the beginning; none is empty.
pub fn pieces(text: &str, max: usize, unit: Unit) -> Vec<&str> {
    let parts = split(text, max, unit).into_iter();
    parts
        .map(|piece| piece.trim_end().trim_start_matches(['\n', '\r']))
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// The text in pieces of at most `max` units, which together are the text. It is cut behind the last
/// paragraph, line or sentence that fills at least half a piece, otherwise behind the last word,
/// otherwise between graphemes; inside a URL only when it is longer than a piece. A grapheme that is
/// longer than a piece is cut between characters.
pub fn split(text: &str, max: usize, unit: Unit) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let fits = fitting(rest, max.max(1), unit);
        if fits >= rest.len() {
            break;
        }
        let (piece, behind) = rest.split_at(cut_at(rest, fits));
        pieces.push(piece);
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// The text in two: all but its end, and an end of at most `max` units that begins with a sentence, or
/// else with a word. The first is empty when the whole fits.
pub fn tail(text: &str, max: usize, unit: Unit) -> (&str, &str) {
    if unit.count(text) <= max {
        return ("", text);
    }
    let fits = |at: &usize| unit.count(&text[*at..]) <= max && !text[*at..].trim().is_empty();
    let last_sentence = ends(text, is_sentence_end).into_iter().rfind(fits);
    let first_word = || ends(text, |_, behind| behind.is_whitespace()).into_iter().find(fits);
    let first_grapheme = || text.grapheme_indices(true).map(|(at, _)| at).find(fits);
    text.split_at(last_sentence.or_else(first_word).or_else(first_grapheme).unwrap_or(text.len()))
}

/// How many bytes of whole graphemes fit, at least one character.
fn fitting(text: &str, max: usize, unit: Unit) -> usize {
    if text.len() <= max {
        return text.len();
    }
    let mut left = max;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        match left.checked_sub(unit.count(grapheme)) {
            Some(rest) => (left, end) = (rest, end + grapheme.len()),
            None if end > 0 => break,
            None => return fitting_characters(text, max, unit),
        }
    }
    end
}

fn fitting_characters(text: &str, max: usize, unit: Unit) -> usize {
    let mut left = max;
    let mut end = 0;
    let mut place = [0; 4];
    for letter in text.chars() {
        match left.checked_sub(unit.count(letter.encode_utf8(&mut place))) {
            Some(rest) => (left, end) = (rest, end + letter.len_utf8()),
            None => break,
        }
    }
    end.max(text.chars().next().map_or(0, char::len_utf8))
}

/// Where a text is cut of which the first `fits` bytes fit; at least 1.
fn cut_at(text: &str, fits: usize) -> usize {
    let window = &text[..fits];
    let filled = |at: &usize| at * 2 >= fits;
    let last = |is_end: fn(&str, char) -> bool| ends(window, is_end).into_iter().rfind(filled);
    let paragraph = || last(|before, behind| before.ends_with("\n\n") && behind != '\n');
    let line = || last(|before, behind| before.ends_with('\n') && behind != '\n');
    if let Some(at) = paragraph().or_else(line) {
        return at;
    }
    if text[fits..].starts_with(char::is_whitespace) {
        return fits;
    }
    let word = || ends(window, |before, _| before.ends_with(char::is_whitespace)).into_iter().next_back();
    let good = last(is_sentence_end).or_else(word);
    good.unwrap_or_else(|| in_front_of_url(text, fits))
}

/// Places between graphemes at which something ends, told by the text before and the letter behind.
fn ends(text: &str, is_end: impl Fn(&str, char) -> bool) -> Vec<usize> {
    let inner = text.grapheme_indices(true).filter(|(at, _)| *at > 0);
    let is_end =
        |at: usize, behind: &str| behind.chars().next().is_some_and(|behind| is_end(&text[..at], behind));
    inner.filter(|(at, behind)| is_end(*at, behind)).map(|(at, _)| at).collect()
}

fn is_sentence_end(before: &str, behind: char) -> bool {
    let mut letters = before.chars().rev();
    let Some(last) = letters.next() else { return false };
    match last {
        '。' | '！' | '？' => true,
        _ if last.is_whitespace() => {
            !behind.is_whitespace()
                && letters
                    .find(|letter| !letter.is_whitespace())
                    .is_some_and(|letter| matches!(letter, '.' | '!' | '?' | '…'))
        }
        _ => false,
    }
}

/// The cut moved in front of the URL that it would go through, unless the URL begins the text.
fn in_front_of_url(text: &str, cut: usize) -> usize {
    let word_start = text[..cut]
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let word_end = text[cut..].find(char::is_whitespace).map_or(text.len(), |at| cut + at);
    let word = &text[word_start..word_end];
    let url = ["https://", "http://", "www."].iter().filter_map(|scheme| word.find(scheme)).min();
    match url.map(|at| word_start + at) {
        Some(start) if start < cut && ends(text, |before, _| before.len() == start) == [start] => start,
        _ => cut,
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
