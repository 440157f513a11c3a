//! Generated documents are committed and compared. `CROSSPOINT_GENERATE=1` (`make generate`) writes
//! them again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use client::crosspoint::Crosspoint;
use client::exotel::Exotel;
use client::hubster::{Engine, Identity, Portal};
use client::methods::Method;
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
            "| {} | `{} {}` | {} {} {} | {} | {} | {} |",
            operation.id,
            operation.method.as_str(),
            operation.path,
            scope(Scope::Account, "A"),
            scope(Scope::App, "P"),
            scope(Scope::Integration, "I"),
            operation.success,
            operation.summary,
            wire::sunshine::limitation(operation.id).unwrap_or("done"),
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

/// Compares a page with what it should be, or writes it.
fn check(page: &str, made: impl Fn(&str) -> String) {
    let path = root().join(page);
    let committed = std::fs::read_to_string(&path).expect("a page");
    let made = made(&committed);
    if std::env::var_os("CROSSPOINT_GENERATE").is_some() {
        std::fs::write(&path, &made).expect("writing the page");
    } else {
        assert!(made == committed, "{page} is out of date: run `make generate`");
    }
}

#[test]
fn generated_compatibility_page_is_up_to_date() {
    check("docs/compatibility.md", |committed| {
        let made = replace(committed, "operations", &table(wire::sunshine::OPERATIONS));
        replace(&made, "own", &table(wire::crosspoint::OPERATIONS))
    });
}

#[test]
fn generated_compatibility_page_of_exotel_is_up_to_date() {
    check("docs/compatibility-exotel.md", |committed| replace(committed, "exotel", &exotel_table()));
}

#[test]
fn generated_compatibility_page_of_hubster_is_up_to_date() {
    check("docs/compatibility-hubster.md", |committed| replace(committed, "hubster", &hubster_table()));
}

#[test]
fn generated_page_of_channels_is_up_to_date() {
    check("docs/channels.md", |committed| replace(committed, "channels", &channels::table::markdown()));
}

/// The operations of Exotel's API, whose tokens are of an entity.
fn exotel_table() -> String {
    let mut text = String::from("| Operation | Request | Token | What it does |\n|---|---|---|---|\n");
    for row in wire::exotel::OPERATIONS {
        let entities = [(Scope::Account, "customer"), (Scope::App, "app")];
        let opened: Vec<&str> =
            entities.iter().filter(|(scope, _)| row.allows(*scope)).map(|(_, entity)| *entity).collect();
        let opened = if opened.is_empty() { "–".to_owned() } else { opened.join(", ") };
        let (method, path) = (row.method.as_str(), row.path);
        let _ = writeln!(text, "| {} | `{method} {path}` | {opened} | {} |", row.id, row.summary);
    }
    text
}

/// The operations of Hubster's API, whose tokens are one to a resource.
fn hubster_table() -> String {
    let mut text = String::from("| Operation | Request | Token | What it does |\n|---|---|---|---|\n");
    for row in wire::hubster::OPERATIONS.iter().chain(wire::hubster::EVENTS) {
        let scopes: Vec<&str> = row.scopes.iter().map(|scope| scope.as_str()).collect();
        let scopes = if scopes.is_empty() { "–".to_owned() } else { scopes.join(", ") };
        let (method, path) = (row.method.as_str(), row.path);
        let _ = writeln!(text, "| {} | `{method} {path}` | {scopes} | {} |", row.id, row.summary);
    }
    text
}

/// Operation × method, in the order of the operation table; some operations do two things.
fn methods(known: &[(&str, Vec<Method>)], operations: &[Operation]) -> String {
    let mut text = String::from("| Operation | Request | Method | What it does |\n|---|---|---|---|\n");
    for operation in operations {
        let of_api = |(api, methods): &(&str, Vec<Method>)| -> Vec<String> {
            let found = methods.iter().filter(|method| method.operation.id == operation.id);
            found.map(|method| format!("`{api}::{}`", method.name)).collect()
        };
        let names: Vec<String> = known.iter().flat_map(of_api).collect();
        assert!(!names.is_empty(), "the client has no method for {}", operation.id);
        let (verb, path, names) = (operation.method.as_str(), operation.path, names.join(", "));
        let _ = writeln!(text, "| {} | `{verb} {path}` | {names} | {} |", operation.id, operation.summary);
    }
    text
}

#[test]
fn generated_client_page_is_up_to_date() {
    let hubster =
        [("Identity", Identity::methods()), ("Portal", Portal::methods()), ("Engine", Engine::methods())];
    let tables = [
        ("sunshine", methods(&[("Sunshine", Sunshine::methods())], wire::sunshine::OPERATIONS)),
        ("own", methods(&[("Crosspoint", Crosspoint::methods())], wire::crosspoint::OPERATIONS)),
        ("hubster", methods(&hubster, &[wire::hubster::OPERATIONS, wire::hubster::EVENTS].concat())),
        ("exotel", methods(&[("Exotel", Exotel::methods())], wire::exotel::OPERATIONS)),
    ];
    check("docs/client.md", |committed| {
        tables.iter().fold(committed.to_owned(), |page, (name, table)| replace(&page, name, table))
    });
}
