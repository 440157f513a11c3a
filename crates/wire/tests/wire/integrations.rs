//! The table of integration fields says what the document says.

use crate::document::{flat, schema, sunshine, texts};
use serde_json::Value;
use std::collections::BTreeSet;
use wire::sunshine::integrations::{FieldKind, INTEGRATION_KINDS, IntegrationField, integration_type};
use wire::sunshine::types::IntegrationType;

/// Of every integration, whatever its type.
const COMMON: [&str; 4] = ["id", "type", "status", "displayName"];

/// Secrets that the document does not mark as write-only, and those among them (and others) that are
/// shown as a mask (sunshine-v2.md §10.1).
const ALSO_SECRET: [(&str, &str); 7] = [
    ("apple", "authenticationMessageSecret"),
    ("line", "channelSecret"),
    ("line", "channelAccessToken"),
    ("line", "switcherSecret"),
    ("mailgun", "signingKey"),
    ("messenger", "pageAccessToken"),
    ("whatsapp", "accountManagementAccessToken"),
];
const MASKED: [(&str, &str); 3] =
    [("apple", "apiSecret"), ("twitter", "consumerKey"), ("twitter", "accessTokenKey")];

/// Secrets that may be changed here, though the document has no change of them.
const ALSO_UPDATABLE: [(&str, &str); 2] = [("telegram", "token"), ("twilio", "authToken")];

#[test]
fn the_sixteen_types_are_there() {
    let document = sunshine();
    let mapping = schema(&document, "integration")["discriminator"]["mapping"].as_object().unwrap();
    let described: Vec<_> = mapping.keys().map(String::as_str).collect();
    let in_table: Vec<_> = INTEGRATION_KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(in_table, described);
    assert_eq!(in_table, IntegrationType::KNOWN);
    assert!(integration_type("slack").is_none());
}

#[test]
fn every_field_is_as_described() {
    let document = sunshine();
    for kind in INTEGRATION_KINDS {
        let described = flat(&document, schema(&document, kind.name));
        let properties = described["properties"].as_object().unwrap();
        let required = texts(&described["required"]);
        let changes = update_fields(&document, kind.name);
        let names: BTreeSet<&str> = kind.fields().map(|field| field.name).collect();
        let expected: BTreeSet<&str> =
            properties.keys().map(String::as_str).filter(|name| !COMMON.contains(name)).collect();
        assert_eq!(names, expected, "{}", kind.name);
        for field in kind.fields() {
            let place = (kind.name, field.name);
            let property = flat(&document, &properties[field.name]);
            let is = |keyword: &str| property.get(keyword) == Some(&Value::Bool(true));
            assert_eq!(field.required_on_create, required.iter().any(|name| name == field.name), "{place:?}");
            assert_eq!(field.write_only, is("writeOnly"), "{place:?}");
            assert_eq!(field.read_only, is("readOnly"), "{place:?}");
            assert_eq!(field.nullable, is("nullable"), "{place:?}");
            let changes = changes.contains(field.name) || ALSO_UPDATABLE.contains(&place);
            assert_eq!(field.updatable, changes, "{place:?}");
            let hidden = is("writeOnly") && field.name != "defaultResponderId";
            assert_eq!(field.secret, hidden || ALSO_SECRET.contains(&place), "{place:?}");
            assert_eq!(field.masked, MASKED.contains(&place), "{place:?}");
            let default: Option<Value> = field.default.map(|json| serde_json::from_str(json).unwrap());
            assert_eq!(default.as_ref(), property.get("default"), "{place:?}");
            check_kind(field, &property);
        }
    }
}

fn update_fields(document: &Value, kind: &str) -> BTreeSet<String> {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let name = schemas.keys().find(|name| name.eq_ignore_ascii_case(&format!("{kind}Update"))).unwrap();
    flat(document, &schemas[name])["properties"].as_object().unwrap().keys().cloned().collect()
}

fn check_kind(field: &IntegrationField, property: &Value) {
    let length = |keyword: &str| property.get(keyword).and_then(Value::as_u64).map(|n| n as usize);
    match (property["type"].as_str().unwrap(), field.kind) {
        ("string", FieldKind::String { min, max }) => {
            assert_eq!((min, max), (length("minLength").unwrap_or(0), length("maxLength")), "{field:?}");
        }
        // The document names the values only in a sentence (sunshine-v2.md §10.1).
        ("string", FieldKind::Enum(["button", "tab"])) if field.name == "displayStyle" => {}
        ("string", FieldKind::Enum(values)) => assert_eq!(values, texts(&property["enum"]), "{field:?}"),
        ("boolean", FieldKind::Bool) | ("number", FieldKind::Number) | ("object", FieldKind::Object) => {}
        ("array", FieldKind::StringList) => assert_eq!(property["items"]["type"], "string", "{field:?}"),
        ("array", FieldKind::Webhooks) => {
            assert_eq!((length("minItems"), length("maxItems")), (Some(1), Some(1)), "{field:?}");
        }
        (described, _) => panic!("{field:?} is described as {described}"),
    }
}

#[test]
fn a_field_is_found_by_its_name() {
    let web = integration_type("web").unwrap();
    assert_eq!(web.field("brandColor").unwrap().default, Some(r#""65758e""#));
    assert!(web.field("showAIDisclaimer").unwrap().updatable);
    assert!(web.field("webhooks").is_none());
    assert!(integration_type("custom").unwrap().field("defaultResponderId").is_none());
}
