//! The document's schemas as JSON Schema 2020-12, seen from a reader of replies.
//!
//! OpenAPI 3.0 differs from JSON Schema in what matters here: `nullable`, `discriminator` (whose
//! `oneOf` often matches several alternatives, so the discriminator alone decides) and `writeOnly`
//! (must never be seen). Besides, a reply may hold no field that the document does not know: every
//! place that holds an object is closed, while the parts of an `allOf` stay open.

use serde_json::{Map, Value, json};

use super::additions;

/// All schemas of the document: `name` open, `name~closed` without unknown fields.
pub struct Schemas {
    source: Map<String, Value>,
    definitions: Value,
}

impl Schemas {
    pub fn translate(source: &Map<String, Value>) -> Schemas {
        let mut schemas = Schemas { source: source.clone(), definitions: Value::Null };
        let mut definitions = Map::new();
        for (name, schema) in source {
            definitions.insert(name.clone(), schemas.open(schema));
            definitions.insert(format!("{name}~closed"), schemas.closed_definition(schema));
        }
        schemas.definitions = Value::Object(definitions);
        schemas
    }

    /// What `#/$defs/…` points to.
    pub fn definitions(&self) -> &Value {
        &self.definitions
    }

    /// A schema at a place that holds a whole value.
    pub fn closed(&self, schema: &Value) -> Value {
        if let Some(name) = reference(schema) {
            return json!({ "$ref": format!("#/$defs/{name}~closed") });
        }
        let mut open = self.open(schema);
        if self.can_be_closed(schema) {
            open["unevaluatedProperties"] = json!(false);
        }
        open
    }

    fn closed_definition(&self, schema: &Value) -> Value {
        let base_of_variants = schema.get("discriminator").is_some() && schema.get("oneOf").is_none();
        let mut closed = if base_of_variants { self.by_discriminator(schema) } else { self.open(schema) };
        if self.can_be_closed(schema) {
            closed["unevaluatedProperties"] = json!(false);
        }
        closed
    }

    /// A schema as one part among others: fields that it does not know may come from elsewhere.
    fn open(&self, schema: &Value) -> Value {
        if let Some(name) = reference(schema) {
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        if schema["oneOf"].is_array() && schema.get("discriminator").is_some() {
            return nullable(schema, self.by_discriminator(schema));
        }
        let mut out = Map::new();
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            match keyword.as_str() {
                "type" | "enum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minimum"
                | "maximum" | "format" | "pattern" => {
                    out.insert(keyword.clone(), value.clone());
                }
                "allOf" => {
                    out.insert("allOf".into(), self.each(value));
                }
                "oneOf" | "anyOf" => {
                    out.insert("anyOf".into(), self.each(value));
                }
                "items" => {
                    out.insert("items".into(), self.closed(value));
                }
                "additionalProperties" if value.is_boolean() => {
                    out.insert(keyword.clone(), value.clone());
                }
                "properties" => {
                    out.insert("properties".into(), self.properties(value));
                }
                "required" => {
                    out.insert("required".into(), self.required(schema));
                }
                _ => {}
            }
        }
        nullable(schema, Value::Object(out))
    }

    fn each(&self, list: &Value) -> Value {
        list.as_array().into_iter().flatten().map(|part| self.open(part)).collect()
    }

    fn properties(&self, properties: &Value) -> Value {
        let mut out = Map::new();
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let translated = match self.is_hidden(name, schema) {
                true => additions::mask_of(name).map_or(json!(false), |mask| json!({ "const": mask })),
                false => self.closed(schema),
            };
            out.insert(name.clone(), translated);
        }
        Value::Object(out)
    }

    /// What a reply must hold: nothing of what it must not show, but for masked secrets.
    fn required(&self, schema: &Value) -> Value {
        let names = schema["required"].as_array().into_iter().flatten();
        let seen = |name: &&Value| {
            let text = name.as_str().unwrap_or_default();
            !self.is_hidden(text, &schema["properties"][text]) || additions::mask_of(text).is_some()
        };
        names.filter(seen).cloned().collect()
    }

    fn is_hidden(&self, name: &str, schema: &Value) -> bool {
        let target = reference(schema).map_or(schema, |name| &self.source[name]);
        target["writeOnly"] == true || additions::is_kept_secret(name)
    }

    /// The value of the discriminator's field chooses the one schema that counts.
    fn by_discriminator(&self, schema: &Value) -> Value {
        let field = schema["discriminator"]["propertyName"].as_str().unwrap_or("type");
        let variants = self.variants(schema);
        let names: Vec<&String> = variants.iter().map(|(name, _)| name).collect();
        let rules: Vec<Value> = variants
            .iter()
            .map(|(name, target)| {
                json!({
                    "if": { "properties": { field: { "const": name } } },
                    "then": { "$ref": format!("#/$defs/{target}") }
                })
            })
            .collect();
        json!({
            "type": "object", "required": [field],
            "properties": { field: { "enum": names } }, "allOf": rules
        })
    }

    /// Value of the discriminator and name of the schema; without a mapping the schema's own name is
    /// the value.
    fn variants(&self, schema: &Value) -> Vec<(String, String)> {
        let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(mapping) = schema["discriminator"]["mapping"].as_object() {
            let text = |value: &Value| last(value.as_str().unwrap_or_default());
            return mapping.iter().map(|(value, target)| (value.clone(), text(target))).collect();
        }
        let alternatives = schema["oneOf"].as_array().into_iter().flatten();
        alternatives.filter_map(reference).map(|name| (name.to_owned(), name.to_owned())).collect()
    }

    /// Whether it describes an object with known fields (a free-form object has none).
    fn can_be_closed(&self, schema: &Value) -> bool {
        if let Some(name) = reference(schema) {
            return self.can_be_closed(&self.source[name]);
        }
        if schema["additionalProperties"] == true {
            return false;
        }
        let parts = |keyword: &str| schema[keyword].as_array().cloned().unwrap_or_default();
        let alternatives = [parts("oneOf"), parts("anyOf")].concat();
        if !alternatives.is_empty() {
            return alternatives.iter().all(|part| self.can_be_closed(part));
        }
        schema["properties"].as_object().is_some_and(|properties| !properties.is_empty())
            || parts("allOf").iter().any(|part| self.can_be_closed(part))
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn nullable(schema: &Value, translated: Value) -> Value {
    match schema["nullable"] == true {
        true => json!({ "anyOf": [{ "type": "null" }, translated] }),
        false => translated,
    }
}
