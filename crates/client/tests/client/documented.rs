//! What the text above each method says.

use std::path::Path;

/// Each method of the tables with its text, read as it is written.
fn methods() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for api in ["sunshine", "crosspoint", "hubster", "exotel"] {
        for entry in std::fs::read_dir(source.join(api)).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let Some((_, table)) = text.split_once("methods! {") else { continue };
            let mut doc = String::new();
            for line in table.lines().map(str::trim) {
                if let Some(said) = line.strip_prefix("///") {
                    doc += &format!("{said}\n");
                } else if !line.starts_with('#') {
                    let is_row = line.ends_with(';') && line.contains(") -> ");
                    if let Some((_, row)) = line.split_once(": ").filter(|_| is_row) {
                        found.push((row.to_owned(), std::mem::take(&mut doc)));
                    }
                    doc.clear();
                }
            }
        }
    }
    found
}

#[test]
fn every_method_says_what_goes_wrong_where_it_is_from_and_how_much_fits() {
    use crosspoint_client::{crosspoint, exotel, hubster, sunshine};
    let declared = [
        sunshine::Sunshine::methods(),
        crosspoint::Crosspoint::methods(),
        hubster::Identity::methods(),
        hubster::Portal::methods(),
        hubster::Engine::methods(),
        exotel::Exotel::methods(),
    ];
    let methods = methods();
    // By hand are written what gives an address and calls nothing, and what listens.
    let by_hand = declared.concat().iter().filter(|row| ["authorize", "listen"].contains(&row.name)).count();
    assert_eq!(methods.len() + by_hand, declared.concat().len(), "each is found");
    let mut silent = Vec::new();
    for (row, doc) in methods {
        let (call, reply) = row.split_once(") -> ").unwrap();
        let has_body = [": json ", ": form ", ": upload ", ": files "].iter().any(|body| call.contains(body));
        let is_list = ["List", "Page", "Vec<"].iter().any(|list| reply.contains(list));
        for (part, needed) in
            [("# Errors", true), ("Source: `", true), ("```", true), ("Limits: ", has_body || is_list)]
        {
            if needed && !doc.contains(part) {
                silent.push(format!("{row} has no {part}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_example_is_a_bot_of_less_than_40_lines() {
    let text = include_str!("../../examples/echo_bot.rs");
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let lines = text.lines().filter(is_code).count();
    assert!(lines < 40, "{lines} lines of code");
}
