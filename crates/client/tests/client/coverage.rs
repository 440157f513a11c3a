//! No operation without a method.

use std::collections::BTreeSet;

use crosspoint_client::crosspoint::Crosspoint;
use crosspoint_client::exotel::Exotel;
use crosspoint_client::hubster::{Engine, Identity, Portal};
use crosspoint_client::sunshine::Sunshine;
use serde_json::Value;
use wire::Operation;

fn ids(operations: impl IntoIterator<Item = &'static Operation>) -> BTreeSet<String> {
    operations.into_iter().map(|operation| operation.id.to_owned()).collect()
}

fn described(document: &str) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    items
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation.get("operationId")?.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn every_operation_has_a_method() {
    let sunshine = ids(Sunshine::methods().iter().map(|method| method.operation));
    assert_eq!(sunshine, ids(wire::sunshine::OPERATIONS));
    assert_eq!(sunshine, described(wire::sunshine::OPENAPI_SUNSHINE));
    let own = ids(Crosspoint::methods().iter().map(|method| method.operation));
    assert_eq!(own, ids(wire::crosspoint::OPERATIONS));
    assert_eq!(own, described(wire::crosspoint::OPENAPI_CROSSPOINT));
    assert_eq!(Sunshine::methods().len(), sunshine.len(), "one method an operation");
}

#[test]
fn every_operation_of_the_other_vendors_has_a_method() {
    let hubster = [Identity::methods(), Portal::methods(), Engine::methods()].concat();
    let rows = wire::hubster::OPERATIONS.iter().chain(wire::hubster::EVENTS);
    assert_eq!(ids(hubster.iter().map(|method| method.operation)), ids(rows));
    let exotel = Exotel::methods();
    let found = ids(exotel.iter().map(|method| method.operation));
    assert_eq!(found, ids(wire::exotel::OPERATIONS));
    assert_eq!(found, described(wire::exotel::OPENAPI_EXOTEL));
}

/// Methods of operations that do two things.
const SECOND: &[(&str, &str)] = &[
    // Both are how one listens.
    ("EventsNegotiate", "listen"),
    ("EventsConnect", "listen"),
    ("PortalCreateOrUpdateIntegration", "create_integration"),
    ("PortalCreateOrUpdateIntegration", "update_integration"),
    ("ExotelGetApp", "list_apps"),
    ("ExotelGetSetting", "list_settings"),
    ("ExotelGetUsers", "get_user"),
    ("ExotelGetUsers", "list_users"),
];

/// In front of the vendor's ids, which these two do not have.
const AREAS: &[&str] = &["Identity", "Portal", "Engine", "Exotel"];

#[test]
fn methods_are_named_as_their_operations() {
    let vendors = [Identity::methods(), Portal::methods(), Engine::methods(), Exotel::methods()].concat();
    for method in Sunshine::methods().into_iter().chain(Crosspoint::methods()).chain(vendors) {
        let id = method.operation.id;
        let bare = AREAS.iter().find_map(|area| id.strip_prefix(area)).unwrap_or(id);
        let mut name = String::new();
        for letter in bare.chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        assert!(method.name == name || SECOND.contains(&(id, method.name)), "{id}: {}", method.name);
    }
}
