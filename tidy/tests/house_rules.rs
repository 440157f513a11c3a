//! The house rules (ARCHITECTURE.md): calls that have one place, what the hub may not know, sizes and widths
//! with a ratchet, words that do not stay. Who may use whom is in `rooms.rs`.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crosspoint_tidy::{functions, is_test_file, sources, without_tests};

/// Calls that only these files may contain.
const ONE_PLACE: &[(&str, &[&str])] = &[
    // The bench adds indexes to a copy of the tables, to measure what they cost.
    ("rusqlite::", &["crates/store/src/", "bench/src/plain.rs"]),
    (
        "SystemTime::now",
        &["crates/store/src/store.rs", "crates/client/src/clock.rs", "crates/sim/src/clock.rs"],
    ),
    ("object_store::", &["crates/store/src/"]),
    ("reqwest::", &["crates/client/src/", "crates/testkit/", "tests/", "bench/"]),
    ("std::env::var", &["crates/server/src/", "crates/testkit/", "tests/", "bench/"]),
    ("process::exit", &["crates/server/src/main.rs", "bench/"]),
];

/// The vendors whose APIs and channels are spoken by the dialects and the connectors.
const VENDORS: &[&str] = &[
    "sunshine",
    "smooch",
    "zendesk",
    "exotel",
    "hubster",
    "twilio",
    "messenger",
    "facebook",
    "instagram",
    "whatsapp",
    "telegram",
    "viber",
    "slack",
    "mailgun",
];

/// Words of vendors that the hub may say, and why.
const VENDORS_ALLOWED: &[(&str, &str)] = &[
    (
        "eventform::",
        "a webhook is kept with the form of its events; which lists show which form is the hub's rule",
    ),
    ("zendesk_id", "the field's name of a user whose id another system knows"),
];

/// Words that mark unfinished work.
const LEFTOVERS: &[&str] = &["todo!(", "unimplemented!(", "FIXME", "XXX", "#[ignore", "dbg!("];

/// Characters of a line of comments, as of code (`rustfmt.toml`, which leaves comments as they are).
const COMMENT_CHARS_MAX: usize = 110;
const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
const FOLDER_ENTRIES_MAX: usize = 25;

/// The lines of a text that are no comments.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn the_model_is_pure() {
    let mut wrong = String::new();
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("crates/model/src")) {
        for word in
            ["async ", "std::fs", "std::net::Tcp", "std::thread", "tracing::", "rand::", "Instant::now"]
        {
            if !is_test_file(name) && without_tests(text).contains(word) {
                let _ = writeln!(wrong, "{name} contains {word}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_hub_knows_no_protocol() {
    let mut wrong = String::new();
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("crates/hub/src")) {
        let text = without_tests(text);
        for word in ["axum", "hyper", "http::", "wire::", "StatusCode"] {
            if code_lines(&text).any(|line| line.contains(word)) {
                let _ = writeln!(wrong, "{name} contains {word}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A vendor's name in the hub's code would be a decision that belongs to that vendor's dialect or channel.
/// Comments may name them, as examples of what a rule is for.
#[test]
fn the_hub_knows_no_vendor() {
    let mut wrong = String::new();
    let mut used = BTreeSet::new();
    for (name, text) in sources() {
        if !name.starts_with("crates/hub/src") || is_test_file(&name) {
            continue;
        }
        let text = without_tests(&text).to_lowercase();
        for vendor in VENDORS {
            for line in code_lines(&text).filter(|line| line.contains(vendor)) {
                match VENDORS_ALLOWED.iter().position(|(word, _)| line.contains(word)) {
                    Some(at) => {
                        used.insert(at);
                    }
                    None => {
                        let _ = writeln!(wrong, "{name} knows {vendor}: {}", line.trim());
                    }
                }
            }
        }
    }
    for (at, (word, _)) in VENDORS_ALLOWED.iter().enumerate() {
        if !used.contains(&at) {
            let _ = writeln!(wrong, "the hub no longer says {word}: take it out of VENDORS_ALLOWED");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn calls_with_one_place_stay_there() {
    let mut wrong = String::new();
    for (name, text) in sources() {
        for (call, places) in ONE_PLACE {
            let allowed = places.iter().any(|place| name.starts_with(place)) || is_test_file(&name);
            if !allowed && without_tests(&text).contains(call) {
                let _ = writeln!(wrong, "{name} contains {call}, which belongs to {places:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn nothing_unfinished_stays() {
    let mut wrong = String::new();
    // What names the words is not what leaves them.
    for (name, text) in sources().into_iter().filter(|(name, _)| !name.starts_with("tidy/")) {
        for word in LEFTOVERS {
            if text.contains(word) {
                let _ = writeln!(wrong, "{name} contains {word}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_file_says_what_it_is_about() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#!"))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "files without a first comment: {silent:#?}");
}

/// What is larger than it should be, as `path` or `path::function` with its lines.
fn oversized() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (name, text) in sources() {
        if is_test_file(&name) {
            continue;
        }
        let text = without_tests(&text);
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            found.insert(name.clone(), lines);
        }
        for (function, lines) in functions(&text) {
            if lines > FUNCTION_LINES_MAX {
                found.insert(format!("{name}::{function}"), lines);
            }
        }
    }
    found
}

/// A ratchet: what stands in this list of `tidy/` with a number may stay, but not grow; nothing new may come.
/// The list may only get shorter.
fn ratchet(list: &str, found: &BTreeMap<String, usize>, what: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(list)).unwrap();
    let allowed: BTreeMap<&str, usize> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, count)| (name, count.parse().unwrap()))
        .collect();
    let mut wrong = String::new();
    for (name, count) in found {
        match allowed.get(name.as_str()) {
            None => {
                let _ = writeln!(wrong, "{name} has {count} {what}");
            }
            Some(known) if count > known => {
                let _ = writeln!(wrong, "{name} grew from {known} to {count} {what}");
            }
            Some(_) => {}
        }
    }
    for name in allowed.keys().filter(|name| !found.contains_key(**name)) {
        let _ = writeln!(wrong, "{name} has none of these any more: take it out of tidy/{list}");
    }
    wrong
}

#[test]
fn sizes_do_not_grow() {
    let wrong = ratchet("sizes.txt", &oversized(), "lines: cut it");
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// How many lines of comments are too wide; code in them and words without a gap cannot be wrapped.
fn wide_comments(text: &str) -> usize {
    let mut is_code = false;
    let mut count = 0;
    for line in text.lines() {
        let Some(words) = line.trim_start().strip_prefix("//") else {
            is_code = false;
            continue;
        };
        let words = words.trim_start_matches(['/', '!']).trim();
        let is_fence = words.starts_with("```");
        is_code ^= is_fence;
        let is_wide = line.chars().count() > COMMENT_CHARS_MAX;
        if is_wide && !is_code && !is_fence && !words.starts_with('|') && words.contains(' ') {
            count += 1;
        }
    }
    count
}

#[test]
fn comments_are_as_wide_as_code() {
    let found: BTreeMap<String, usize> = sources()
        .into_iter()
        .map(|(name, text)| (name, wide_comments(&text)))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert!(found.is_empty(), "lines of comments that are too wide, by file: {found:?}");
}

#[test]
fn folders_stay_small() {
    let mut entries: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (name, _) in sources() {
        *entries.entry(Path::new(&name).parent().unwrap().to_owned()).or_default() += 1;
    }
    let large: Vec<_> = entries.iter().filter(|(_, count)| **count > FOLDER_ENTRIES_MAX).collect();
    assert!(large.is_empty(), "folders with more than {FOLDER_ENTRIES_MAX} files: {large:?}");
}
