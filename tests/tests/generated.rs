//! Generated documents are committed and compared. `CROSSPOINT_GENERATE=1` (`make generate`) writes
//! them again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wire::operation::{Operation, Scope};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn table(operations: &[Operation]) -> String {
    let mut text = String::from("| Operation | Request | Scopes | Success | What it does | State |\n|---|---|---|---|---|---|\n");
    for operation in operations {
        let scope = |scope, letter| if operation.allows(scope) { letter } else { "–" };
        let _ = writeln!(
            text,
            "| {} | `{} {}` | {} {} {} | {} | {} | done |",
            operation.id,
            operation.method.as_str(),
            operation.path,
            scope(Scope::Account, "A"),
            scope(Scope::App, "P"),
            scope(Scope::Integration, "I"),
            operation.success,
            operation.summary,
        );
    }
    text
}

/// The document with the text between the two marks replaced.
fn replace(document: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = document.split_once(&begin).expect("the first mark");
    let (_, after) = rest.split_once(&end).expect("the second mark");
    format!("{before}{begin}{text}{end}{after}")
}

/// Writes a generated page, or compares it with the committed one.
fn check(page: &str, parts: &[(&str, String)]) {
    let path = root().join(page);
    let committed = std::fs::read_to_string(&path).expect("the committed page");
    let made = parts.iter().fold(committed.clone(), |page, (name, text)| replace(&page, name, text));
    if std::env::var_os("CROSSPOINT_GENERATE").is_some() {
        std::fs::write(&path, &made).expect("writing the page");
    } else {
        assert!(made == committed, "{page} is out of date: run `make generate`");
    }
}

/// The operations of Hubster's API, whose tokens are one to a resource.
fn hubster_table() -> String {
    let mut text = String::from("| Operation | Request | Token | What it does |\n|---|---|---|---|\n");
    for row in wire::hubster::OPERATIONS {
        let scopes: Vec<&str> = row.scopes.iter().map(|scope| scope.as_str()).collect();
        let scopes = if scopes.is_empty() { "–".to_owned() } else { scopes.join(", ") };
        let (method, path) = (row.method.as_str(), row.path);
        let _ = writeln!(text, "| {} | `{method} {path}` | {scopes} | {} |", row.id, row.summary);
    }
    text
}

#[test]
fn generated_compatibility_pages_are_up_to_date() {
    let sunshine = table(wire::sunshine::OPERATIONS);
    let own = table(wire::crosspoint::OPERATIONS);
    check("docs/compatibility.md", &[("operations", sunshine), ("own", own)]);
    check("docs/compatibility-hubster.md", &[("hubster", hubster_table())]);
}
