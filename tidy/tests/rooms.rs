//! Who uses whom: the table of the rooms in ARCHITECTURE.md is what the manifests say, and no manifest asks
//! for a library that its room does not use.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use crosspoint_tidy::{is_test_file, root, sources, without_tests};

/// One section of a manifest: the names of its entries.
fn section(manifest: &str, name: &str) -> Vec<String> {
    let heading = format!("[{name}]");
    let lines = manifest.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#') && line.contains('='))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(ToOwned::to_owned)
        .collect()
}

fn manifest_of(room: &str) -> String {
    fs::read_to_string(root().join(room).join("Cargo.toml")).unwrap()
}

/// Every package: the members of the workspace, and the fuzz targets, which have a workspace of their own.
fn rooms() -> Vec<String> {
    let manifest = manifest_of("");
    let members = manifest.split("\nmembers = [").nth(1).unwrap().split(']').next().unwrap();
    members.split('"').skip(1).step_by(2).map(ToOwned::to_owned).chain(["fuzz".to_owned()]).collect()
}

/// The name that the table has for a room: the last part of its path.
fn short(room: &str) -> &str {
    room.rsplit('/').next().unwrap()
}

/// The rooms that a room uses, as its manifest says. What only its tests use counts for rooms that are
/// nothing but tests.
fn used(room: &str, all: &[String]) -> BTreeSet<String> {
    let manifest = manifest_of(room);
    let mut names = section(&manifest, "dependencies");
    if room == "tests" {
        names.extend(section(&manifest, "dev-dependencies"));
    }
    names
        .iter()
        .map(|name| name.strip_prefix("dialect-").unwrap_or(name))
        .filter(|name| all.iter().any(|room| short(room) == *name))
        .map(ToOwned::to_owned)
        .collect()
}

/// The first and the last column of the table under "The rooms".
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.split("\n## The rooms").nth(1).unwrap().split("\n## ").next().unwrap();
    rows.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let names = cells[2].split(", ").filter(|name| *name != "nobody");
            (cells[0].trim_matches('`').to_owned(), names.map(ToOwned::to_owned).collect())
        })
        .collect()
}

#[test]
fn the_table_of_the_rooms_is_what_the_manifests_say() {
    let all = rooms();
    let table = table();
    let mut wrong = String::new();
    for room in &all {
        let used = used(room, &all);
        match table.get(room) {
            None => {
                let _ = writeln!(wrong, "{room} has no row in ARCHITECTURE.md");
            }
            Some(allowed) if *allowed != used => {
                let _ = writeln!(wrong, "{room} uses {used:?}, ARCHITECTURE.md says {allowed:?}");
            }
            Some(_) => {}
        }
    }
    for room in table.keys().filter(|room| !all.contains(room)) {
        let _ = writeln!(wrong, "{room} has a row in ARCHITECTURE.md, but is no package");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Whether code speaks of a library: its name as a whole word with a path behind it, or as an import.
fn speaks_of(code: &str, library: &str) -> bool {
    let name = library.replace('-', "_");
    code.match_indices(&name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
        !before.is_some_and(in_a_word)
            && !after.starts_with(in_a_word)
            && (after.starts_with("::") || code[..at].ends_with("use "))
    })
}

/// The code of a room without its comments: of the program, and with its tests.
fn code_of(room: &str, sources: &[(String, String)]) -> (String, String) {
    let (mut program, mut all) = (String::new(), String::new());
    let below = format!("{room}/");
    for (name, text) in sources.iter().filter(|(name, _)| name.starts_with(&below)) {
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        if !is_test_file(name) {
            program.push_str(&without_tests(&text));
        }
        all.push_str(&text);
    }
    (program, all)
}

#[test]
fn no_room_asks_for_a_library_that_it_does_not_use() {
    let sources = sources();
    let mut wrong = String::new();
    let mut asked = BTreeSet::new();
    for room in rooms() {
        let manifest = manifest_of(&room);
        let (program, all) = code_of(&room, &sources);
        for library in section(&manifest, "dependencies") {
            if !speaks_of(&program, &library) {
                let tests = if speaks_of(&all, &library) { ", only its tests do" } else { "" };
                let _ = writeln!(wrong, "{room} does not use {library}{tests}");
            }
            asked.insert(library);
        }
        for library in section(&manifest, "dev-dependencies") {
            if !speaks_of(&all, &library) {
                let _ = writeln!(wrong, "the tests of {room} do not use {library}");
            }
            asked.insert(library);
        }
    }
    for library in section(&manifest_of(""), "workspace.dependencies") {
        if !asked.contains(&library) {
            let _ = writeln!(wrong, "Cargo.toml lists {library}, which no room asks for");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
