//! Values made from a schema, with every field that it knows.

use crate::document::{flat, resolve};
use serde_json::{Map, Value, json};

/// The only way in which a schema contains itself: a quoted message quotes no further one.
const QUOTE: &str = "quotedMessage";

/// A value with all fields; of alternatives the one of number `pick` (modulo their count).
pub fn sample(document: &Value, schema: &Value, pick: usize) -> Value {
    build(document, schema, pick, false)
}

fn build(document: &Value, schema: &Value, pick: usize, quoted: bool) -> Value {
    let schema = resolve(document, schema);
    for key in ["oneOf", "anyOf"] {
        if let Some(Value::Array(alternatives)) = schema.get(key) {
            return build(document, &alternatives[pick % alternatives.len()], pick, quoted);
        }
    }
    let has_alternatives = |part: &Value| {
        let part = resolve(document, part);
        part.get("oneOf").is_some() || part.get("anyOf").is_some()
    };
    let parts = schema.get("allOf").and_then(Value::as_array);
    if let Some(part) = parts.and_then(|parts| parts.iter().find(|part| has_alternatives(part))) {
        return build(document, part, pick, quoted);
    }
    let schema = flat(document, schema);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values[pick % values.len()].clone();
    }
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    match schema["type"].as_str() {
        Some("string") => Value::String("x".repeat(number("minLength").unwrap_or(1).max(1) as usize)),
        Some("boolean") => json!(pick.is_multiple_of(2)),
        Some("integer" | "number") => json!(number("minimum").unwrap_or(7).max(1)),
        Some("array") => {
            let item = build(document, &schema["items"], pick, quoted);
            Value::Array(vec![item; number("minItems").unwrap_or(1).max(1) as usize])
        }
        _ => object(document, &schema, pick, quoted),
    }
}

fn object(document: &Value, schema: &Value, pick: usize, quoted: bool) -> Value {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return json!({"some": "thing", "number": 1.5, "flag": false});
    };
    let mut fields = Map::new();
    for (name, property) in properties {
        if quoted && name == QUOTE {
            continue;
        }
        let value = match name.as_str() {
            "select" => json!([{"name": "a", "label": "A"}]), // described as objects of any form
            _ => build(document, property, pick, quoted || name == QUOTE),
        };
        fields.insert(name.clone(), value);
    }
    Value::Object(fields)
}
