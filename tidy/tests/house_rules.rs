//! The house rules (ARCHITECTURE.md): who may import whom, calls that have one place, sizes with a
//! ratchet, words that do not stay.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and the rooms that they may use. `wire` and `model` know nobody.
const ROOMS: &[(&str, &[&str])] = &[
    ("crates/model", &[]),
    ("crates/wire", &[]),
    ("crates/store", &["model"]),
    ("crates/hub", &["model", "store"]),
    ("crates/channels", &["model"]),
    ("crates/delivery", &["model", "hub", "channels"]),
    ("crates/dialects/common", &["model", "hub", "wire"]),
    ("crates/dialects/sunshine", &["model", "hub", "wire", "dialect-common"]),
    ("crates/realtime", &["model", "hub"]),
    ("crates/dialects/hubster", &["model", "hub", "wire", "dialect-common", "realtime"]),
    ("crates/dialects/exotel", &["model", "hub", "wire", "dialect-common"]),
    ("crates/client", &["wire"]),
    ("crates/sim", &[]),
    (
        "crates/server",
        &[
            "model",
            "store",
            "hub",
            "delivery",
            "realtime",
            "channels",
            "dialect-sunshine",
            "dialect-exotel",
            "dialect-hubster",
            "wire",
            "client",
            "sim",
        ],
    ),
    ("crates/testkit", &["model", "wire", "sim"]),
];

#[rustfmt::skip]
const OURS: &[&str] = &[
    "model", "wire", "store", "hub", "channels", "delivery", "dialect-common", "dialect-sunshine", "dialect-hubster", "dialect-exotel",
    "client", "server", "testkit", "sim", "realtime",
];

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

/// Words that mark unfinished work.
const LEFTOVERS: &[&str] = &["todo!(", "unimplemented!(", "FIXME", "XXX", "#[ignore", "dbg!("];

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
const FOLDER_ENTRIES_MAX: usize = 25;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "node_modules" | ".venv" | ".git" | ".cache" | "data") {
                files_below(&path, found);
            }
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

/// Our Rust files: path from the root, and text.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    for folder in ["crates", "tests", "bench", "fuzz"] {
        files_below(&root.join(folder), &mut found);
    }
    let mut sources: Vec<(String, String)> = found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    sources.sort();
    sources
}

fn is_test_file(name: &str) -> bool {
    name.contains("/tests/")
        || name.ends_with("tests.rs")
        || name.starts_with("tests/")
        || name.contains("properties")
}

/// The text in front of the unit tests of a file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let mut wrong = String::new();
    for (room, allowed) in ROOMS {
        let manifest = fs::read_to_string(root().join(room).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies.lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if OURS.contains(&name) && !allowed.contains(&name) {
                let _ = writeln!(wrong, "{room} must not use {name}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_model_is_pure() {
    let mut wrong = String::new();
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("crates/model/src")) {
        for word in
            ["async ", "std::fs", "std::net::Tcp", "std::thread", "tracing::", "rand::", "Instant::now"]
        {
            if without_tests(text).contains(word) && !is_test_file(name) {
                let _ = writeln!(wrong, "{name} contains {word}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_hub_knows_no_vendor_and_no_protocol() {
    let mut wrong = String::new();
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("crates/hub/src")) {
        for word in ["axum", "hyper", "http::", "wire::", "StatusCode"] {
            if without_tests(text)
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(word))
            {
                let _ = writeln!(wrong, "{name} contains {word}");
            }
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
    for (name, text) in sources() {
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

/// Lines of every function in a text, by name; counted from its `fn` line to its closing brace.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let words = [
            "fn ",
            "pub fn ",
            "async fn ",
            "pub async fn ",
            "pub(crate) fn ",
            "pub(crate) async fn ",
            "pub(super) fn ",
            "pub(super) async fn ",
            "const fn ",
            "pub const fn ",
        ];
        let Some(head) = words.iter().find_map(|word| code.strip_prefix(word)) else { continue };
        let name: String = head.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let closing = format!("{}}}", " ".repeat(indent));
        let end = lines[at..].iter().position(|line| *line == closing);
        if let Some(length) = end {
            found.push((name, length + 1));
        }
    }
    found
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
        for (function, lines) in functions(text) {
            if lines > FUNCTION_LINES_MAX {
                found.insert(format!("{name}::{function}"), lines);
            }
        }
    }
    found
}

/// The ratchet: what is too large and stands in `sizes.txt` may stay, but not grow; nothing new
/// may come. The list may only get shorter.
#[test]
fn sizes_do_not_grow() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sizes.txt")).unwrap();
    let allowed: BTreeMap<&str, usize> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, lines)| (name, lines.parse().unwrap()))
        .collect();
    let found = oversized();
    let mut wrong = String::new();
    for (name, lines) in &found {
        match allowed.get(name.as_str()) {
            None => {
                let _ = writeln!(wrong, "{name} has {lines} lines: cut it");
            }
            Some(known) if lines > known => {
                let _ = writeln!(wrong, "{name} grew from {known} to {lines} lines");
            }
            Some(_) => {}
        }
    }
    for name in allowed.keys().filter(|name| !found.contains_key(**name)) {
        let _ = writeln!(wrong, "{name} is no longer too large: take it out of tidy/sizes.txt");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
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
