//! What each type of integration takes.
#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use serde_json::json;
use wire::sunshine::integrations::INTEGRATION_KINDS;

use super::*;

fn make(value: Value) -> Checked<IntegrationDraft> {
    create(serde_json::from_value(value).unwrap())
}

/// A value that a field takes.
fn sample(field: &IntegrationField) -> Value {
    match field.kind {
        FieldKind::String { min, .. } => match field.name {
            "brandColor" | "conversationColor" | "actionColor" => json!("0099ff"),
            "displayStyle" => json!("tab"),
            "incomingAddress" => json!("in@mg.example.org"),
            "domain" => json!("mg.example.org"),
            _ => json!("x".repeat(min.max(4))),
        },
        FieldKind::Bool => json!(true),
        FieldKind::Number => json!(7),
        FieldKind::StringList => json!(["https://example.org"]),
        FieldKind::Object => json!({}),
        FieldKind::Enum(known) => json!(known[0]),
        FieldKind::Webhooks => {
            json!([{ "target": "https://example.org/hook", "triggers": ["conversation:message"] }])
        }
    }
}

fn smallest(kind: &IntegrationKind) -> Map<String, Value> {
    let required = kind.fields().filter(|field| field.required_on_create);
    let mut body: Map<String, Value> = required.map(|field| (field.name.to_owned(), sample(field))).collect();
    body.insert("type".into(), json!(kind.name));
    if kind.name == "twilio" {
        body.insert("phoneNumberSid".into(), json!("PN1"));
    }
    body
}

#[test]
fn every_type_is_made_from_its_required_fields_and_from_no_fewer() {
    for kind in INTEGRATION_KINDS {
        let body = smallest(kind);
        make(Value::Object(body.clone())).unwrap_or_else(|refusal| panic!("{}: {refusal}", kind.name));
        for field in kind.fields().filter(|field| field.required_on_create) {
            let mut without = body.clone();
            without.remove(field.name);
            let refusal = make(Value::Object(without)).unwrap_err().to_string();
            assert!(refusal.starts_with(field.name), "{} without {}: {refusal}", kind.name, field.name);
        }
    }
}

#[test]
fn secrets_are_kept_apart_and_read_only_fields_ignored() {
    for kind in INTEGRATION_KINDS {
        let mut body = smallest(kind);
        for field in kind.fields().filter(|field| field.name != "messagingServiceSid") {
            body.insert(field.name.to_owned(), sample(field));
        }
        let draft = make(Value::Object(body)).unwrap_or_else(|refusal| panic!("{}: {refusal}", kind.name));
        for field in kind.fields() {
            if field.secret || field.write_only || field.read_only {
                assert!(!draft.config.contains_key(field.name), "{}.{}", kind.name, field.name);
            }
            assert!(!field.read_only || !draft.secrets.contains_key(field.name), "{}", field.name);
        }
    }
}

#[test]
fn a_change_touches_only_what_the_type_lets_change() {
    let body = json!({ "accountSid": "other", "authToken": "other", "showAIDisclaimer": false, "displayName": null });
    let patch = update("twilio", serde_json::from_value(body).unwrap()).unwrap();
    assert_eq!((patch.name, patch.config.len(), patch.secrets.len()), (Patch::Clear, 1, 1));
    assert_eq!(patch.config.get("showAIDisclaimer"), Some(&json!(false)));
    assert!(patch.secrets.contains_key("authToken"), "a token that ended is given anew; the account stays");
}

#[test]
fn rules_between_fields_hold() {
    let twilio = |extra: Value| {
        let mut body = json!({ "type": "twilio", "accountSid": "AC1", "authToken": "x" });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        make(body)
    };
    assert!(twilio(json!({})).is_err());
    assert!(twilio(json!({ "phoneNumberSid": "PN1", "messagingServiceSid": "MG1" })).is_err());
    assert!(twilio(json!({ "messagingServiceSid": "MG1" })).is_ok());
    assert!(make(json!({ "type": "line", "channelId": "1" })).is_err());
    for wrong in ["x@b.example", "@a.example", "a.example"] {
        let mail =
            json!({ "type": "mailgun", "apiKey": "k", "domain": "a.example", "incomingAddress": wrong });
        assert_eq!(make(mail).unwrap_err().to_string(), "incomingAddress: must be an address of the domain");
    }
    assert!(make(json!({ "type": "web", "brandColor": "#65758e" })).is_err());
    assert!(make(json!({ "type": "web", "originWhitelist": ["https://example.org/path"] })).is_err());
    assert_eq!(make(json!({ "type": "fax" })).unwrap_err().to_string().split(':').next(), Some("type"));
}

#[test]
fn what_the_messenger_asks_is_kept_readable() {
    let ask = |capture: Value| make(json!({ "type": "web", "prechatCapture": capture }));
    let field = json!({ "type": "email", "name": "mail", "label": "E-mail" });
    let answered = json!({ "type": "email", "name": "mail", "label": "E-mail", "email": "", "odd": 1 });
    let kept = ask(json!({ "enabled": true, "fields": [answered], "odd": null })).unwrap();
    assert_eq!(kept.config["prechatCapture"], json!({ "enabled": true, "fields": [field] }));
    for (wrong, place) in [
        (json!({ "enabled": "yes" }), "prechatCapture.enabled: "),
        (json!({ "avatarUrl": "x" }), "prechatCapture.avatarUrl: "),
        (
            json!({ "fields": [field, { "type": "fax", "name": "a", "label": "b" }] }),
            "prechatCapture.fields[1].type: ",
        ),
        (
            json!({ "fields": [{ "type": "text", "name": "a", "label": "" }] }),
            "prechatCapture.fields[0].label: ",
        ),
    ] {
        let refusal = ask(wrong).unwrap_err().to_string();
        assert!(refusal.starts_with(place), "{refusal}");
    }
}

#[test]
fn the_provider_says_which_page_it_is() {
    let messenger = |page: Value| {
        make(
            json!({ "type": "messenger", "pageAccessToken": "t", "appId": "1", "appSecret": "s", "pageId": page }),
        )
    };
    assert!(!messenger(json!(1234)).unwrap().config.contains_key("pageId"));
    assert!(!messenger(json!("1234")).unwrap().config.contains_key("pageId"));
    for wrong in [json!(""), json!("12a"), json!([])] {
        assert_eq!(messenger(wrong).unwrap_err().to_string(), "pageId: must be a number");
    }
}

#[test]
fn a_webhook_inside_is_refused_with_its_place() {
    let custom =
        |webhooks: Value| make(json!({ "type": "custom", "webhooks": webhooks })).unwrap_err().to_string();
    assert_eq!(custom(json!([])), "webhooks: must have exactly 1 entry");
    assert_eq!(custom(json!([{ "target": "https://example.org" }])), "webhooks[0].triggers: is required");
    assert!(
        custom(json!([{ "target": "x", "triggers": ["user:remove"] }])).starts_with("webhooks[0].target: ")
    );
}

proptest! {
    #[test]
    fn any_field_value_is_taken_or_refused(kind in 0usize..16, field in "[a-zA-Z]{1,20}", text in ".{0,40}", number in any::<i64>()) {
        let kind = &INTEGRATION_KINDS[kind % INTEGRATION_KINDS.len()];
        for value in [json!(text), json!(number), json!([text]), json!({ "a": text }), Value::Null, json!(true)] {
            let mut body = smallest(kind);
            for known in kind.fields() {
                body.insert(known.name.to_owned(), value.clone());
                let _ = make(Value::Object(body.clone()));
            }
            body.insert(field.clone(), value.clone());
            let _ = make(Value::Object(body));
        }
    }
}

#[test]
fn an_empty_name_is_none_and_a_long_one_is_refused() {
    let named = |name: &str| make(json!({ "type": "whatsapp", "displayName": name }));
    assert_eq!(named("").unwrap().name, None);
    assert_eq!(named("Shop").unwrap().name.as_deref(), Some("Shop"));
    assert_eq!(
        named(&"x".repeat(101)).unwrap_err().to_string(),
        "displayName: must not be longer than 100 characters"
    );
}
