//! Generated documents are committed and compared. `CROSSPOINT_GENERATE=1` (`make generate`) writes
//! them again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use client::crosspoint::Crosspoint;
use client::sunshine::Sunshine;
use wire::operation::{Operation, Scope};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn table(operations: &[Operation]) -> String {
    let mut text = String::from(
        "| Operation | Request | Scopes | Success | What it does | State |\n|---|---|---|---|---|---|\n",
    );
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

/// Compares a page with its parts made anew, or writes it.
fn page(name: &str, parts: &[(&str, String)]) {
    let path = root().join(name);
    let committed = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let made = parts.iter().fold(committed.clone(), |page, (mark, text)| replace(&page, mark, text));
    if std::env::var_os("CROSSPOINT_GENERATE").is_some() {
        std::fs::write(&path, &made).expect("writing the page");
    } else {
        assert!(made == committed, "{name} is out of date: run `make generate`");
    }
}

#[test]
fn generated_compatibility_page_is_up_to_date() {
    let operations = table(wire::sunshine::OPERATIONS);
    page(
        "docs/compatibility.md",
        &[("operations", operations), ("own", table(wire::crosspoint::OPERATIONS))],
    );
}

/// Operation × method, in the order of the operation table.
fn methods(api: &str, operations: &[Operation], methods: &[(&str, &str)]) -> String {
    let mut text = String::from("| Operation | Request | Method | What it does |\n|---|---|---|---|\n");
    for operation in operations {
        let method = methods.iter().find(|(id, _)| *id == operation.id);
        let name = method.unwrap_or_else(|| panic!("the client has no method for {}", operation.id)).1;
        let (verb, path) = (operation.method.as_str(), operation.path);
        let _ = writeln!(
            text,
            "| {} | `{verb} {path}` | `{api}::{name}` | {} |",
            operation.id, operation.summary
        );
    }
    text
}

#[test]
fn generated_client_page_is_up_to_date() {
    let sunshine: Vec<_> =
        Sunshine::methods().iter().map(|method| (method.operation.id, method.name)).collect();
    let own: Vec<_> = Crosspoint::methods().iter().map(|method| (method.operation.id, method.name)).collect();
    let sunshine = methods("Sunshine", wire::sunshine::OPERATIONS, &sunshine);
    page(
        "docs/client.md",
        &[("sunshine", sunshine), ("own", methods("Crosspoint", wire::crosspoint::OPERATIONS, &own))],
    );
}
