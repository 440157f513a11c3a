//! Integrations: one check for all types, driven by the table of their fields
//! (sunshine-v2.md §10.1).

use hub::{IntegrationDraft, IntegrationPatch};
use model::patch::Patch;
use serde_json::{Map, Value};
use url::Url;
use wire::sunshine::limits::DISPLAY_NAME_CHARS_MAX;
use wire::sunshine::types::{
    IntegrationCreateBody, IntegrationType, IntegrationUpdateBody, WebhookCreateBody,
};
use wire::sunshine::{FieldKind, IntegrationField, IntegrationKind, integration_type};

use super::patch::nullable;
use super::{At, Checked, Invalid, count, refuse, text, webhook};

/// The field that names who answers first.
const RESPONDER: &str = "defaultResponderId";

/// Fields by where they are kept.
#[derive(Default)]
struct Sorted {
    config: Map<String, Value>,
    secrets: Map<String, Value>,
}

/// An integration that is to be made.
pub(crate) fn create(body: IntegrationCreateBody) -> Checked<IntegrationDraft> {
    let Some(kind) = integration_type(body.kind.as_str()) else {
        return refuse(format!("must be one of {}", IntegrationType::KNOWN.join(", "))).at("type");
    };
    text::opt(body.display_name.as_ref(), |name| text::name(name, DISPLAY_NAME_CHARS_MAX))
        .at("displayName")?;
    for field in kind.fields().filter(|field| field.required_on_create) {
        let is_there = body.fields.get(field.name).is_some_and(|value| !value.is_null());
        if !is_there {
            return refuse("is required").at(field.name);
        }
    }
    let Sorted { config, secrets } = sort(kind, &body.fields, |field| !field.read_only)?;
    check_together(kind.name, &config, &secrets)?;
    Ok(IntegrationDraft {
        kind: kind.name.to_owned(),
        name: body.display_name,
        config: without_nulls(config),
        secrets: without_nulls(secrets),
        default_responder: responder(&body.fields)?.and_then(|id| id),
        webhooks: webhooks(kind, &body.fields).at("webhooks")?,
        ..IntegrationDraft::default()
    })
}

/// A change of an integration of this type. Fields that the type cannot change are ignored.
pub(crate) fn update(kind: &str, body: IntegrationUpdateBody) -> Checked<IntegrationPatch> {
    let name = |name: &String| text::name(name, DISPLAY_NAME_CHARS_MAX);
    let name = nullable(body.display_name, name).at("displayName")?;
    let Some(kind) = integration_type(kind) else {
        return Ok(IntegrationPatch { name, ..IntegrationPatch::default() });
    };
    let Sorted { config, secrets } = sort(kind, &body.fields, |field| field.updatable)?;
    let can_respond = kind.field(RESPONDER).is_some_and(|field| field.updatable);
    let default_responder = match responder(&body.fields)?.filter(|_| can_respond) {
        None => Patch::Keep,
        Some(None) => Patch::Clear,
        Some(Some(id)) => Patch::Set(id),
    };
    Ok(IntegrationPatch { name, default_responder, config, secrets, ..IntegrationPatch::default() })
}

/// The default responder: absent, null or a value.
fn responder(fields: &Map<String, Value>) -> Checked<Option<Option<String>>> {
    match fields.get(RESPONDER) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::String(id)) => Ok(Some(Some(id.clone()))),
        Some(_) => refuse("must be a string").at(RESPONDER),
    }
}

/// Checks the fields that count and sorts them; every other one is ignored.
fn sort(
    kind: &IntegrationKind,
    given: &Map<String, Value>,
    counts: impl Fn(&IntegrationField) -> bool,
) -> Checked<Sorted> {
    let mut sorted = Sorted::default();
    for field in kind.fields().filter(|field| counts(field)) {
        if field.name == RESPONDER || field.kind == FieldKind::Webhooks {
            continue;
        }
        let Some(value) = given.get(field.name) else { continue };
        check(field, value).at(field.name)?;
        let place = if field.secret || field.write_only { &mut sorted.secrets } else { &mut sorted.config };
        place.insert(field.name.to_owned(), value.clone());
    }
    Ok(sorted)
}

fn without_nulls(fields: Map<String, Value>) -> Map<String, Value> {
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn check(field: &IntegrationField, value: &Value) -> Checked {
    if value.is_null() {
        return match field.nullable || !field.required_on_create {
            true => Ok(()),
            false => refuse("must not be null"),
        };
    }
    match (field.kind, value) {
        (FieldKind::String { min, max }, Value::String(given)) => {
            text::within(given, min, max.unwrap_or(usize::MAX))?;
            check_form(field.name, given)
        }
        (FieldKind::String { .. }, _) => refuse("must be a string"),
        (FieldKind::Bool, Value::Bool(_)) | (FieldKind::Number, Value::Number(_)) => Ok(()),
        (FieldKind::Bool, _) => refuse("must be a boolean"),
        (FieldKind::Number, _) => refuse("must be a number"),
        (FieldKind::Object, Value::Object(_)) => Ok(()),
        (FieldKind::Object, _) => refuse("must be an object"),
        (FieldKind::StringList, Value::Array(entries)) => check_list(field.name, entries),
        (FieldKind::StringList, _) => refuse("must be a list of strings"),
        (FieldKind::Enum(known), Value::String(given)) if known.contains(&given.as_str()) => Ok(()),
        (FieldKind::Enum(known), _) => refuse(format!("must be one of {}", known.join(", "))),
        (FieldKind::Webhooks, _) => Ok(()),
    }
}

/// Fields whose text has a form (sunshine-v2.md §10.1, web).
fn check_form(name: &str, given: &str) -> Checked {
    match name {
        "brandColor" | "conversationColor" | "actionColor" => {
            let is_colour =
                matches!(given.len(), 3 | 6) && given.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_colour { Ok(()) } else { refuse("must be a colour of 3 or 6 hexadecimal digits without #") }
        }
        "displayStyle" if !matches!(given, "button" | "tab") => refuse("must be one of button, tab"),
        _ => Ok(()),
    }
}

fn check_list(name: &str, entries: &[Value]) -> Checked {
    for (index, entry) in entries.iter().enumerate() {
        let Value::String(entry) = entry else { return refuse(format!("entry {index} must be a string")) };
        if name == "originWhitelist" && !is_origin(entry) {
            return refuse(format!("entry {index} must be an origin, for example https://example.org"));
        }
    }
    Ok(())
}

fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    matches!(url.scheme(), "http" | "https")
        && url.origin().ascii_serialization() == text.trim_end_matches('/')
}

/// Fields that need or exclude each other (sunshine-v2.md §10.1, remarks).
fn check_together(kind: &str, config: &Map<String, Value>, secrets: &Map<String, Value>) -> Checked {
    let text = |name: &str| config.get(name).or_else(|| secrets.get(name)).and_then(Value::as_str);
    match kind {
        "twilio" if text("phoneNumberSid").is_some() == text("messagingServiceSid").is_some() => {
            refuse("needs exactly one of phoneNumberSid and messagingServiceSid")
        }
        "line" if text("channelId").is_some() != text("channelSecret").is_some() => {
            refuse("needs channelId and channelSecret together, or neither")
        }
        "mailgun" => {
            let (address, domain) =
                (text("incomingAddress").unwrap_or_default(), text("domain").unwrap_or_default());
            let within = address.rsplit_once('@').is_some_and(|(_, host)| host.eq_ignore_ascii_case(domain));
            if within { Ok(()) } else { refuse("must be an address of the domain").at("incomingAddress") }
        }
        _ => Ok(()),
    }
}

fn webhooks(kind: &IntegrationKind, fields: &Map<String, Value>) -> Checked<Vec<hub::WebhookDraft>> {
    if !kind.fields().any(|field| field.kind == FieldKind::Webhooks) {
        return Ok(Vec::new());
    }
    let Some(Value::Array(given)) = fields.get("webhooks") else { return refuse("must be a list") };
    count(given.len(), 1, 1)?;
    let read = |value: &Value| {
        let body: WebhookCreateBody = wire::body::from_value(value)
            .map_err(|error| Invalid::new(format!("{}: {}", error.path, error.message)))?;
        webhook::create(body)
    };
    given.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
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
        let mut body: Map<String, Value> =
            required.map(|field| (field.name.to_owned(), sample(field))).collect();
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
            let draft =
                make(Value::Object(body)).unwrap_or_else(|refusal| panic!("{}: {refusal}", kind.name));
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
        assert_eq!((patch.name, patch.config.len(), patch.secrets.len()), (Patch::Clear, 1, 0));
        assert_eq!(patch.config.get("showAIDisclaimer"), Some(&json!(false)));
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
        let mail = json!({ "type": "mailgun", "apiKey": "k", "domain": "a.example", "incomingAddress": "x@b.example" });
        assert_eq!(make(mail).unwrap_err().to_string(), "incomingAddress: must be an address of the domain");
        assert!(make(json!({ "type": "web", "brandColor": "#65758e" })).is_err());
        assert!(make(json!({ "type": "web", "originWhitelist": ["https://example.org/path"] })).is_err());
        assert_eq!(make(json!({ "type": "fax" })).unwrap_err().to_string().split(':').next(), Some("type"));
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
}
