//! The table of Hubster says what its description says.

use std::collections::BTreeSet;

use wire::hubster::{EVENTS, OPERATIONS};

const ROUTES: &str = include_str!("hubster_routes.txt");

/// Routes beside those of section 2: what verifies tokens, and our own for files.
const BESIDE: [&str; 3] = [
    "GET /.well-known/openid-configuration",
    "GET /.well-known/openid-configuration/jwks",
    "POST /api/v1/resources/{}",
];

/// A route without the names of its parameters.
fn bare(method: &str, path: &str) -> String {
    let bare = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() };
    let segments: Vec<String> = path.split('/').map(bare).collect();
    format!("{method} {}", segments.join("/"))
}

#[test]
fn every_route_of_the_description_is_an_operation_and_no_other() {
    let described = ROUTES.lines().filter(|line| !line.starts_with('#'));
    let mut described: BTreeSet<String> =
        described.filter_map(|line| line.split_once(' ')).map(|(method, path)| bare(method, path)).collect();
    assert_eq!(described.len(), 37);
    described.extend(BESIDE.map(str::to_owned));
    let rows = OPERATIONS.iter().chain(EVENTS).map(|row| bare(row.method.as_str(), row.path));
    assert_eq!(rows.collect::<BTreeSet<_>>(), described);
}
