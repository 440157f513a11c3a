//! The description of Hubster's API as we speak it, made of the operation tables: which requests there are,
//! who may call them and how they are answered. Of bodies it says the form alone;
//! `docs/compatibility-hubster.md` says the rest.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use wire::Operation;
use wire::hubster::{EVENTS, OPERATIONS};
use wire::operation::Body;

/// The document.
pub(super) fn document() -> Value {
    let all = || OPERATIONS.iter().chain(EVENTS);
    let tags: BTreeSet<_> = all().map(|operation| operation.tag).collect();
    let mut paths = Map::new();
    for operation in all() {
        let method = operation.method.as_str().to_ascii_lowercase();
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[method] = described(operation);
    }
    let token = json!({ "type": "http", "scheme": "bearer",
        "description": "An access token of POST /connect/token, with the scope of the operation" });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Hubster's identity, portal, engine and events", "version": "1" },
        "servers": [{ "url": "/" }],
        "tags": tags.into_iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "securitySchemes": { "token": token } },
    })
}

fn described(operation: &Operation) -> Value {
    let done = std::iter::once((operation.success.to_string(), json!({ "description": "Done" })));
    let failed =
        operation.errors.iter().map(|status| (status.to_string(), json!({ "description": "Refused" })));
    let scopes: Vec<_> = operation.scopes.iter().map(|scope| scope.as_str()).collect();
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": parameters(operation.path),
        "responses": done.chain(failed).collect::<Map<_, _>>(),
        "security": if scopes.is_empty() { json!([]) } else { json!([{ "token": scopes }]) },
    });
    if let Some(form) = media_type(operation.body) {
        let content = Map::from_iter([(form.to_owned(), json!({ "schema": { "type": "object" } }))]);
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    described
}

/// What stands in braces.
fn parameters(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameter =
        |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    names.map(parameter).collect()
}

fn media_type(body: Body) -> Option<&'static str> {
    Some(match body {
        Body::None => return None,
        Body::Json | Body::OptionalJson | Body::JsonOrForm | Body::AnyJson => "application/json",
        Body::Form => "application/x-www-form-urlencoded",
        Body::Multipart => "multipart/form-data",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described_once() {
        let document = document();
        for operation in OPERATIONS.iter().chain(EVENTS) {
            let method = operation.method.as_str().to_ascii_lowercase();
            let described = &document["paths"][operation.path][method];
            assert_eq!(described["operationId"], operation.id);
            assert!(described["responses"][operation.success.to_string()].is_object(), "{}", operation.id);
            assert_eq!(described["requestBody"].is_null(), operation.body == Body::None, "{}", operation.id);
        }
        let transfer = &document["paths"]["/api/v1/commands/transfers/{id}"];
        assert_eq!(transfer["get"]["parameters"][0]["name"], "id");
        assert_eq!(transfer["get"]["security"][0]["token"][0], "hubster-portal-api");
    }
}
