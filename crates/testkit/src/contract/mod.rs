//! The contract of the API: every answer is compared with the facts of the OpenAPI documents, the
//! vendor's and that of our own routes, and with the rules that sunshine-v2.md adds to them.

mod additions;
pub mod exotel;
mod habits;
pub mod hubster;
mod schema;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Statuses that any operation may answer besides those that the document lists for it
/// (sunshine-v2.md §2.3). A 5xx is never among them, 402 is never sent.
const REFUSALS: [u16; 10] = [400, 401, 403, 404, 405, 409, 413, 415, 423, 429];

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// With its placeholders.
    pub path: String,
    /// The statuses below 400 that the document lists.
    pub successes: Vec<u16>,
    /// The scopes of its `security` list; empty when it names no scheme.
    pub scopes: Vec<String>,
    /// Whether it is one of our own routes.
    pub own: bool,
    responses: Map<String, Value>,
}

/// The facts, ready to be compared with.
pub struct Contract {
    sunshine: Document,
    own: Document,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

struct Document {
    operations: Vec<Operation>,
    schemas: schema::Schemas,
}

impl Contract {
    /// The contract that `wire` keeps, loaded once.
    pub fn shared() -> &'static Contract {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let parse = |text| serde_json::from_str::<Value>(text).expect("the facts are JSON");
            let mut sunshine = parse(wire::sunshine::OPENAPI_SUNSHINE);
            additions::apply(&mut sunshine);
            let own = parse(wire::crosspoint::OPENAPI_CROSSPOINT);
            Contract {
                sunshine: Document::load(&sunshine, false),
                own: Document::load(&own, true),
                validators: Mutex::default(),
            }
        })
    }

    /// Every operation of the vendor's document.
    pub fn operations(&self) -> &[Operation] {
        &self.sunshine.operations
    }

    /// The operation that a request means; `path` is raw, with or without a query or `/sc`.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let path = path.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("/sc").unwrap_or(path);
        let all = self.sunshine.operations.iter().chain(&self.own.operations);
        let fitting = all.filter(|op| op.method == method && template_fits(&op.path, path));
        fitting.min_by_key(|op| op.path.matches('{').count())
    }

    /// Compares an answer with the contract; the error says what differs. Answers below 400 of
    /// routes that the document does not know are not compared.
    pub fn check_reply(
        &self,
        operation: Option<&Operation>,
        status: u16,
        content_type: &str,
        text: &str,
    ) -> Result<Value, String> {
        if status >= 500 {
            return Err(format!("status {status}: {text}"));
        }
        if status >= 400 {
            return check_error(operation, status, content_type, text);
        }
        let Some(operation) = operation else {
            return Ok(serde_json::from_str(text).unwrap_or(Value::Null));
        };
        // Decision 20: whoever is to be asked for consent gets a page.
        if operation.id == "Authorize" && status == 200 && content_type.starts_with("text/html") {
            return Ok(Value::Null);
        }
        if !operation.successes.contains(&status) {
            return Err(format!("the document knows no {status} for {}", operation.id));
        }
        let schema = &operation.responses[&status.to_string()]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return Ok(Value::Null);
        }
        let body = json_body(content_type, text)?;
        if schema["type"] == "object" && schema.get("properties").is_none() && schema.get("$ref").is_none() {
            let open = schema["additionalProperties"] == true;
            return if open || body == json!({}) {
                Ok(body)
            } else {
                Err(format!("not exactly {{}}: {body}"))
            };
        }
        let name = format!("{} {status}", operation.id);
        let document = if operation.own { &self.own } else { &self.sunshine };
        self.compare(&name, document, schema, &body)?;
        habits::check_reply(&operation.id, &body)?;
        for event in body["events"].as_array().into_iter().flatten() {
            self.check_event(event)?;
        }
        Ok(body)
    }

    /// Whether the document knows an event of this name.
    pub fn knows_event(&self, name: &str) -> bool {
        additions::event_schema(name).is_some()
    }

    /// Compares the body of a webhook request in Sunshine's form with the contract.
    pub fn check_hook(&self, body: &Value) -> Result<(), String> {
        self.compare("webhook", &self.own, &envelope_schema(), body)?;
        body["events"].as_array().into_iter().flatten().try_for_each(|event| self.check_event(event))
    }

    fn check_event(&self, event: &Value) -> Result<(), String> {
        let kind = event["type"].as_str().unwrap_or_default();
        let schema = additions::event_schema(kind).ok_or(format!("no event is called {kind:?}"))?;
        if let Some(schema) = schema {
            let reference = json!({ "$ref": format!("#/components/schemas/{schema}") });
            self.compare(kind, &self.sunshine, &reference, event)?;
        }
        habits::check_event(event)
    }

    fn compare(&self, name: &str, document: &Document, schema: &Value, body: &Value) -> Result<(), String> {
        let validator = self.validator(name, document, schema);
        let differences: Vec<String> = validator
            .iter_errors(body)
            .map(|error| {
                let text: String = error.to_string().chars().take(400).collect();
                format!("{}: {text}", error.instance_path())
            })
            .collect();
        if differences.is_empty() {
            return Ok(());
        }
        Err(format!("{name} differs from the document:\n  {}\n  body: {body}", differences.join("\n  ")))
    }

    fn validator(&self, name: &str, document: &Document, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no panic while held");
        let build = || {
            let mut root = document.schemas.closed(schema);
            root["$defs"] = document.schemas.definitions().clone();
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            let built = options.build(&root).unwrap_or_else(|error| panic!("schema of {name}: {error}"));
            Arc::new(built)
        };
        validators.entry(name.to_owned()).or_insert_with(build).clone()
    }
}

impl Document {
    fn load(document: &Value, own: bool) -> Document {
        let mut operations = Vec::new();
        for (path, methods) in object(&document["paths"]) {
            for (method, operation) in object(methods) {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let responses = object(&operation["responses"]).clone();
                let statuses = responses.keys().filter_map(|status| status.parse::<u16>().ok());
                operations.push(Operation {
                    id: id.to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    successes: statuses.filter(|status| *status < 400).collect(),
                    scopes: scopes(operation["security"].as_array().or(document["security"].as_array())),
                    own,
                    responses,
                });
            }
        }
        let schemas = schema::Schemas::translate(object(&document["components"]["schemas"]));
        Document { operations, schemas }
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("the facts have no object here: {value}"))
}

fn scopes(security: Option<&Vec<Value>>) -> Vec<String> {
    let basic = security.into_iter().flatten().find_map(|scheme| scheme["basicAuth"].as_array());
    basic.into_iter().flatten().filter_map(|scope| scope.as_str().map(String::from)).collect()
}

fn template_fits(template: &str, path: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want == have => {}
            (Some(want), Some(have)) if want.starts_with('{') && !have.is_empty() => {}
            _ => return false,
        }
    }
}

fn check_error(
    operation: Option<&Operation>,
    status: u16,
    content_type: &str,
    text: &str,
) -> Result<Value, String> {
    let listed = operation.is_some_and(|op| op.responses.contains_key(&status.to_string()) && status != 402);
    if !listed && !REFUSALS.contains(&status) {
        return Err(format!("no page names status {status}: {text}"));
    }
    let body = json_body(content_type, text)?;
    let entries = body["errors"].as_array().ok_or(format!("no error form: {body}"))?;
    let filled = |entry: &Value, key: &str| entry[key].as_str().is_some_and(|text| !text.is_empty());
    let formed = entries.iter().all(|entry| {
        filled(entry, "code") && filled(entry, "title") && entry.as_object().is_some_and(|it| it.len() == 2)
    });
    let alone = body.as_object().is_some_and(|it| it.len() == 1);
    if !formed || !alone || entries.is_empty() || (entries.len() > 1 && status != 400) {
        return Err(format!("no error form for {status}: {body}"));
    }
    Ok(body)
}

fn json_body(content_type: &str, text: &str) -> Result<Value, String> {
    if content_type != "application/json; charset=utf-8" {
        return Err(format!("content type {content_type:?} with body {text:?}"));
    }
    serde_json::from_str(text).map_err(|error| format!("not JSON ({error}): {text}"))
}

/// `app`, `webhook` and `events` (sunshine-v2.md §9.2).
fn envelope_schema() -> Value {
    let id = json!({ "type": "string", "pattern": "^[0-9a-f]{24}$" });
    json!({
        "type": "object",
        "required": ["app", "webhook", "events"],
        "additionalProperties": false,
        "properties": {
            "app": { "type": "object", "required": ["id"], "additionalProperties": false, "properties": { "id": id } },
            "webhook": {
                "type": "object", "required": ["id", "version"], "additionalProperties": false,
                "properties": { "id": id, "version": { "type": "string", "enum": ["v2"] } }
            },
            "events": {
                "type": "array", "minItems": 1, "maxItems": 10,
                "items": { "type": "object", "required": ["id", "type", "createdAt", "payload"] }
            }
        }
    })
}

#[cfg(test)]
mod tests;
