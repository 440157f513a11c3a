//! `Range` and conditional requests (RFC 9110 §13, §14): one range of bytes, strong tags.

use std::ops::Range;

use http::HeaderMap;
use http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};

/// What part of a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it; also for a range that makes no sense, and for several.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that the file does not have.
    Outside,
}

/// What part of a file of `size` bytes with this tag is asked for.
pub(super) fn asked(headers: &HeaderMap, size: u64, tag: &str) -> Asked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(IF_RANGE).is_some_and(|known| known.trim() != tag) {
        return Asked::Whole;
    }
    let Some(range) = text(RANGE).and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Asked::Whole };
    let (first, last) = (first.trim(), last.trim());
    let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a number behind every end.
        true if !digits.is_empty() => Some(digits.parse::<u64>().unwrap_or(u64::MAX)),
        _ => None,
    };
    match (number(first), number(last)) {
        (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => Asked::Outside,
        (Some(first), Some(last)) if first <= last => Asked::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Asked::Part(first..size),
        (None, Some(0)) if first.is_empty() => Asked::Outside,
        (None, Some(count)) if first.is_empty() && size > 0 => Asked::Part(size.saturating_sub(count)..size),
        _ => Asked::Whole,
    }
}

/// Whether the caller has the file already.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TAG: &str = "\"a\"";

    fn ask(pairs: &[(http::HeaderName, &str)], size: u64) -> Asked {
        asked(&pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect(), size, TAG)
    }

    #[test]
    fn one_range_is_cut_to_the_file() {
        let range = |text: &str| ask(&[(RANGE, text)], 10);
        assert_eq!(range("bytes=0-3"), Asked::Part(0..4));
        assert_eq!(range("bytes=7-"), Asked::Part(7..10));
        assert_eq!(range("bytes=7-999999999999999999999999"), Asked::Part(7..10));
        assert_eq!(range("bytes=-4"), Asked::Part(6..10));
        assert_eq!(range("bytes=-40"), Asked::Part(0..10));
        for outside in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"] {
            assert_eq!(range(outside), Asked::Outside, "{outside}");
        }
        for whole in
            ["bytes=3-1", "bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=+1-2"]
        {
            assert_eq!(range(whole), Asked::Whole, "{whole}");
        }
        assert_eq!(ask(&[(RANGE, "bytes=-4")], 0), Asked::Whole);
    }

    #[test]
    fn a_range_of_another_version_gives_the_whole_file() {
        assert_eq!(ask(&[(RANGE, "bytes=0-3"), (IF_RANGE, TAG)], 10), Asked::Part(0..4));
        assert_eq!(ask(&[(RANGE, "bytes=0-3"), (IF_RANGE, "\"b\"")], 10), Asked::Whole);
    }

    #[test]
    fn tags_are_found_in_a_list() {
        let known =
            |list: &str| is_known(&HeaderMap::from_iter([(IF_NONE_MATCH, list.parse().unwrap())]), TAG);
        assert!(known("\"x\", \"a\"") && known("W/\"a\"") && known("*"));
        assert!(!known("\"x\"") && !known("a") && !is_known(&HeaderMap::new(), TAG));
    }
}
