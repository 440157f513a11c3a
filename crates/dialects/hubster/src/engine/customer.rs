//! What a caller says about a customer (hubster.md §2.5).

use model::content::Metadata;
use serde_json::{Map, Value};
use wire::hubster::codes;

use crate::read::{Check, Fields};

/// Characters of a key or value.
const CHARS_MAX: usize = 1_024;
/// Keys of a collection, and collections.
const KEYS_COUNT_MAX: usize = hub::PROPERTIES_COUNT_MAX;

/// The two collections that the documentation has.
const COLLECTIONS: &[&str] = &["profile", "additional"];
/// The keys of a profile that it has; published clients change their case while they run.
const PROFILE: &[&str] = &[
    "device",
    FULL_NAME,
    "first name",
    "last name",
    "user name",
    "gender",
    "local",
    "time zone",
    "imageUrl",
    "phone",
    "address",
    "email",
];
/// How the customer is called.
const FULL_NAME: &str = "full name";

/// Collections of texts. What the documentation has a name for gets that name; the rest stays as it came.
pub(super) fn properties(check: &mut Check, fields: &Fields<'_>) -> Metadata {
    let mut kept = Metadata::new();
    let Some(given) = check.object(fields, "properties") else { return kept };
    for (name, collection) in given.members() {
        let Some(values) = check.object(&given, name) else { continue };
        let known = if name.eq_ignore_ascii_case("profile") { PROFILE } else { &[] };
        let texts = texts(check, &values, known);
        if !collection.is_null() {
            put(&mut kept, COLLECTIONS, name, Value::Object(texts));
        }
    }
    if kept.len() > KEYS_COUNT_MAX {
        too_many(check, "properties");
    }
    // A name of blanks is none.
    let profile = kept.get_mut("profile").and_then(Value::as_object_mut);
    if let Some(profile) = profile
        && profile.get(FULL_NAME).and_then(Value::as_str).is_some_and(|name| name.trim().is_empty())
    {
        profile.remove(FULL_NAME);
    }
    kept
}

fn texts(check: &mut Check, values: &Fields<'_>, known: &[&str]) -> Map<String, Value> {
    let mut texts = Map::new();
    for (key, value) in values.members() {
        if key.chars().count() > CHARS_MAX {
            let text = format!("A key of '{}' must have {CHARS_MAX} characters at most.", values.place(""));
            check.fail(codes::OUT_OF_RANGE, text);
        } else if let Some(text) = check.text(values, key, CHARS_MAX).filter(|_| !value.is_null()) {
            put(&mut texts, known, key, Value::String(text));
        }
    }
    if texts.len() > KEYS_COUNT_MAX {
        too_many(check, &values.place(""));
    }
    texts
}

fn too_many(check: &mut Check, place: &str) {
    let text =
        format!("Property '{}' must have {KEYS_COUNT_MAX} members at most.", place.trim_end_matches('.'));
    check.fail(codes::OUT_OF_RANGE, text);
}

/// Keeps a member by its documented name. Of two spellings the documented one counts.
fn put(kept: &mut Map<String, Value>, known: &[&str], name: &str, value: Value) {
    let documented = known.iter().find(|known| known.eq_ignore_ascii_case(name));
    let shown = documented.map_or(name, |known| *known);
    if shown == name || !kept.contains_key(shown) {
        kept.insert(shown.to_owned(), value);
    }
}

/// The customer's full name, if it is said.
pub(super) fn name(properties: &Metadata) -> Option<String> {
    properties.get("profile")?.get(FULL_NAME)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::http::error::ApiError;
    use crate::read::ESTABLISH;

    fn read(given: Value) -> Result<Metadata, ApiError> {
        let body = json!({ "Properties": given }).as_object().unwrap().clone();
        let mut check = Check::new(&ESTABLISH);
        let properties = properties(&mut check, &Fields::of(&body));
        check.done().map(|()| properties)
    }

    #[test]
    fn names_of_the_documentation_are_spelt_as_it_spells_them() {
        let given = json!({ "Profile": { "Full name": "Eva", "IMAGEURL": "x", "My Own": "y", "email": null }, "ADDITIONAL": null,
            "Shop": { "Basket": "3" } });
        let read = read(given).unwrap();
        let wanted = json!({ "profile": { "full name": "Eva", "imageUrl": "x", "My Own": "y" }, "Shop": { "Basket": "3" } });
        assert_eq!((&json!(read), name(&read).as_deref()), (&wanted, Some("Eva")));
    }

    #[test]
    fn of_two_spellings_the_documented_one_counts_and_a_name_of_blanks_is_none() {
        for (profile, wanted) in [
            (json!({ "Full Name": "a", "full name": "b" }), Some("b")),
            (json!({ "full name": "b", "FULL NAME": "a" }), Some("b")),
            (json!({ "full name": " " }), None),
            (json!({}), None),
        ] {
            assert_eq!(name(&read(json!({ "profile": profile })).unwrap()).as_deref(), wanted, "{profile}");
        }
    }

    #[test]
    fn what_is_no_collection_of_texts_is_refused() {
        let many: Map<String, Value> = (0..65).map(|at| (at.to_string(), json!("x"))).collect();
        for (given, faults) in [
            (json!("x"), &[3001][..]),
            (json!({ "profile": 5 }), &[3001]),
            (json!({ "profile": { "a": 1, "b": {}, "c": "d" }, "more": [] }), &[3001, 3001, 3001]),
            (json!({ "profile": many }), &[207]),
            (json!({ "additional": { "a": "x".repeat(1_025) } }), &[207]),
            (json!({ "additional": { ("x".repeat(1_025)): "a" } }), &[207]),
        ] {
            let ApiError::Faults(found) = read(given.clone()).unwrap_err() else { panic!("{given}") };
            let found: Vec<u32> = found.iter().map(|fault| fault.number()).collect();
            assert_eq!(found, faults, "{given}");
        }
        let all: Map<String, Value> = many.iter().map(|(name, _)| (name.clone(), json!({}))).collect();
        assert!(read(Value::Object(all)).is_err());
    }
}
