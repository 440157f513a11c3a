//! Reading an OpenAPI document.

use serde_json::Value;
use wire::crosspoint::OPENAPI_CROSSPOINT;
use wire::exotel::OPENAPI_EXOTEL;
use wire::sunshine::OPENAPI_SUNSHINE;

pub fn sunshine() -> Value {
    serde_json::from_str(OPENAPI_SUNSHINE).unwrap()
}

pub fn crosspoint() -> Value {
    serde_json::from_str(OPENAPI_CROSSPOINT).unwrap()
}

pub fn exotel() -> Value {
    serde_json::from_str(OPENAPI_EXOTEL).unwrap()
}

/// What a reference points to, or the value itself.
pub fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(target) = value.get("$ref") {
        value = document.pointer(&target.as_str().unwrap()[1..]).unwrap();
    }
    value
}

pub fn schema<'a>(document: &'a Value, name: &str) -> &'a Value {
    document["components"]["schemas"].get(name).unwrap_or_else(|| panic!("no schema {name}"))
}

/// A schema with its `allOf` parts laid over each other.
pub fn flat(document: &Value, value: &Value) -> Value {
    let mut own = resolve(document, value).clone();
    let Some(Value::Array(parts)) = own.as_object_mut().unwrap().remove("allOf") else { return own };
    let mut whole = serde_json::json!({});
    for part in parts.iter().map(|part| flat(document, part)).chain([own]) {
        for (key, value) in part.as_object().unwrap() {
            match (key.as_str(), whole.get_mut(key)) {
                ("properties", Some(known)) => {
                    for (name, property) in value.as_object().unwrap() {
                        let merged = match known.get(name) {
                            Some(known) => serde_json::json!({"allOf": [known, property]}),
                            None => property.clone(),
                        };
                        known[name] = merged;
                    }
                }
                ("required", Some(Value::Array(known))) => known.extend(value.as_array().unwrap().clone()),
                _ => whole[key] = value.clone(),
            }
        }
    }
    whole
}

pub fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
