#![allow(clippy::unwrap_used)]
use super::*;

fn contract() -> &'static Contract {
    Contract::shared()
}

const JSON: &str = "application/json; charset=utf-8";

fn reply(operation: &str, status: u16, body: Value) -> Result<Value, String> {
    let known = contract().operations().iter().find(|op| op.id == operation);
    contract().check_reply(known, status, JSON, &body.to_string())
}

#[test]
fn the_document_has_its_68_operations() {
    assert_eq!(contract().operations().len(), 68);
    for operation in contract().operations() {
        assert!(!operation.successes.is_empty(), "{}", operation.id);
    }
}

#[test]
fn requests_find_their_operation() {
    let id = |method: &str, path: &str| contract().operation(method, path).map(|op| op.id.as_str());
    assert_eq!(id("POST", "/v2/apps/a/attachments/remove"), Some("DeleteAttachment"));
    assert_eq!(id("GET", "/sc/v2/apps/a/users/x%2Fy?brandId=b"), Some("GetUser"));
    assert_eq!(id("GET", "/v2/apps//users"), None);
    assert_eq!(id("PUT", "/v2/apps/a"), None);
}

#[test]
fn a_discriminator_decides_though_several_alternatives_match() {
    let message = |content: Value| {
        json!({ "messages": [{
            "id": "5e4af71a81966cfff3ef6550", "received": "2020-01-01T00:00:00.000Z",
            "author": { "type": "business" }, "source": { "type": "api:conversations" }, "content": content
        }] })
    };
    reply("PostMessage", 201, message(json!({ "type": "text", "text": "hi" }))).unwrap();
    reply("PostMessage", 201, message(json!({ "type": "image", "mediaUrl": "http://a/b", "altText": "c" })))
        .unwrap();
    let action = json!({ "type": "postback", "text": "a", "payload": "b" });
    reply("PostMessage", 201, message(json!({ "type": "text", "text": "hi", "actions": [action] }))).unwrap();
    let no_payload = json!({ "type": "postback", "text": "a" });
    assert!(reply("PostMessage", 201, message(json!({ "type": "text", "actions": [no_payload] }))).is_err());
    assert!(reply("PostMessage", 201, message(json!({ "type": "image" }))).is_err());
    assert!(reply("PostMessage", 201, message(json!({ "type": "riddle" }))).is_err());
    assert!(reply("PostMessage", 201, message(json!({ "type": "text", "markdownText": "*a*" }))).is_err());
    assert!(
        reply("PostMessage", 201, message(json!({ "type": "text", "text": "a", "colour": "red" }))).is_err()
    );
}

#[test]
fn integrations_show_no_secret_and_only_the_fields_of_their_type() {
    let integration = |fields: Value| {
        let mut whole = json!({ "id": "5e4af71a81966cfff3ef6550", "status": "active" });
        for (name, value) in fields.as_object().unwrap() {
            whole[name] = value.clone();
        }
        json!({ "integration": whole })
    };
    let get = |fields: Value| reply("GetIntegration", 200, integration(fields));
    get(json!({ "type": "telegram", "username": "a" })).unwrap();
    get(json!({ "type": "messenger", "appId": "1" })).unwrap();
    get(json!({ "type": "apple", "businessId": "1", "mspId": "2", "apiSecret": "********" })).unwrap();
    assert!(get(json!({ "type": "apple", "businessId": "1", "mspId": "2", "apiSecret": "real" })).is_err());
    assert!(get(json!({ "type": "telegram", "token": "real" })).is_err());
    assert!(get(json!({ "type": "telegram", "token": null })).is_err());
    assert!(get(json!({ "type": "messenger", "appId": "1", "pageAccessToken": "real" })).is_err());
    assert!(get(json!({ "type": "pigeon" })).is_err());
    assert!(get(json!({ "type": "twilio" })).is_err(), "accountSid is required");
    assert!(get(json!({ "type": "telegram", "accountSid": "a" })).is_err(), "a field of another type");
    let webhook = json!({
        "id": "5e4af71a81966cfff3ef6550", "version": "v2", "target": "http://a", "triggers": ["conversation:read"],
        "secret": "s", "includeFullUser": false, "includeFullSource": false
    });
    get(json!({ "type": "custom", "webhooks": [webhook] })).unwrap();
    assert!(get(json!({ "type": "custom", "webhooks": [webhook, webhook] })).is_err());
}

#[test]
fn nulls_times_ids_and_empty_bodies_are_looked_at() {
    let user = json!({
        "id": "5e4af71a81966cfff3ef6550", "authenticated": false, "signedUpAt": "2020-01-01T00:00:00.000Z",
        "profile": {}, "metadata": {}, "identities": []
    });
    let with = |name: &str, value: Value| {
        let mut changed = user.clone();
        changed[name] = value;
        reply("GetUser", 200, json!({ "user": changed }))
    };
    with("externalId", json!("x")).unwrap();
    assert!(with("externalId", Value::Null).is_err());
    assert!(with("signedUpAt", json!("2020-01-01T00:00:00Z")).is_err());
    assert!(with("id", json!("5E4AF71A81966CFFF3EF6550")).is_err());
    assert!(with("metadata", json!({ "a": { "b": 1 } })).is_err());
    assert!(with("profile", json!({ "givenName": "" })).is_err());
    assert!(reply("GetUser", 201, json!({ "user": user })).is_err(), "the document says 200");
    assert!(reply("DeleteUser", 200, json!({ "deleted": true })).is_err());
    assert_eq!(reply("DeleteUser", 200, json!({})), Ok(json!({})));
}

#[test]
fn errors_have_their_one_form() {
    let good = json!({ "errors": [{ "code": "not_found", "title": "No such user" }] });
    reply("GetUser", 404, good.clone()).unwrap();
    assert!(reply("GetUser", 500, good.clone()).is_err());
    assert!(reply("GetUser", 422, good.clone()).is_err());
    assert!(reply("GetUser", 404, json!({ "error": "no" })).is_err());
    assert!(reply("GetUser", 404, json!({ "errors": [] })).is_err());
    let known = contract().operations().iter().find(|op| op.id == "GetUser");
    assert!(contract().check_reply(known, 404, "text/plain", &good.to_string()).is_err());
}

#[test]
fn hooks_are_compared_by_their_event() {
    let event = |kind: &str, payload: Value| {
        json!({
            "app": { "id": "5e4af71a81966cfff3ef6550" },
            "webhook": { "id": "5e4af71a81966cfff3ef6551", "version": "v2" },
            "events": [{
                "id": "5e4af71a81966cfff3ef6552", "createdAt": "2020-01-01T00:00:00.000Z",
                "type": kind, "payload": payload
            }]
        })
    };
    let conversation = json!({ "id": "5e4af71a81966cfff3ef6553", "type": "personal" });
    let good = event("conversation:remove", json!({ "conversation": conversation }));
    contract().check_hook(&good).unwrap();
    let unknown = event("conversation:vanish", json!({ "conversation": conversation }));
    assert!(contract().check_hook(&unknown).is_err());
    let more = event("conversation:remove", json!({ "conversation": conversation, "why": "because" }));
    assert!(contract().check_hook(&more).is_err());
    let metadata =
        event("switchboard:passControl", json!({ "conversation": conversation, "metadata": { "a": 1 } }));
    contract().check_hook(&metadata).unwrap();
}

#[test]
fn every_example_of_an_event_name_has_a_schema() {
    let names = ["client:add", "user:merge", "switchboard:acceptControl:failure", "conversation:typing"];
    for name in names {
        let schema = additions::event_schema(name).unwrap().unwrap();
        assert!(contract().sunshine.schemas.definitions().get(schema).is_some(), "{name}");
    }
    assert_eq!(additions::event_schema("passthrough:messaging"), Some(None));
}
