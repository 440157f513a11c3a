//! What the house rules (`tests/`) read: our Rust files, with and without their tests, and the functions in
//! them.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
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

/// Our Rust files, in order: path from the root, and text.
pub fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    for folder in ["crates", "tests", "bench", "fuzz", "tidy"] {
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

/// Whether everything in a file is for tests.
pub fn is_test_file(name: &str) -> bool {
    name.contains("/tests/")
        || name.ends_with("tests.rs")
        || name.starts_with("tests/")
        || name.contains("properties")
}

/// A text without its inline test modules (`#[cfg(test)] mod tests { … }`), wherever they stand. What else is
/// only for tests (`#[cfg(test)] mod tests;`, a field, an import) hides nothing behind it and stays.
pub fn without_tests(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < lines.len() {
        match end_of_test_module(&lines[at..]) {
            Some(length) => at += length,
            None => {
                kept.push_str(lines[at]);
                kept.push('\n');
                at += 1;
            }
        }
    }
    kept
}

/// How many lines the inline test module has that begins with the first of `lines`, if one does.
fn end_of_test_module(lines: &[&str]) -> Option<usize> {
    if lines[0].trim() != "#[cfg(test)]" {
        return None;
    }
    let head = lines.iter().position(|line| !line.trim_start().starts_with("#["))?;
    let code = lines[head].trim_start();
    let module = ["mod ", "pub mod ", "pub(crate) mod "].iter().any(|word| code.starts_with(word));
    if !(module && code.ends_with('{')) {
        return None;
    }
    let closing = format!("{}}}", &lines[head][..lines[head].len() - code.len()]);
    let length = lines[head..].iter().position(|line| *line == closing)?;
    Some(head + length + 1)
}

/// Lines of every function in a text, by name; counted from its `fn` line to its closing brace.
pub fn functions(text: &str) -> Vec<(String, usize)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_test_modules_are_left_out() {
        let text = "\
#[cfg(test)]
#[path = \"other_tests.rs\"]
mod tests;

struct One {
    #[cfg(test)]
    seen: u32,
}

#[cfg(test)]
mod inline {
    fn hidden() {
        1
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod attributed {
    fn hidden_too() {}
}

fn behind() {
    2
}
";
        let kept = without_tests(text);
        assert!(kept.contains("mod tests;") && kept.contains("seen: u32"), "{kept}");
        assert!(!kept.contains("hidden"), "{kept}");
        assert_eq!(functions(&kept), [("behind".to_owned(), 3)]);
        let open = "#[cfg(test)]\nmod never_closed {\n    fn seen() {}\n";
        assert_eq!(without_tests(open), open, "what cannot be cut stays in sight");
    }
}
