//! Integrations: one check for all types, driven by the table of their fields
//! (sunshine-v2.md §10.1).

mod prechat;
#[cfg(test)]
mod tests;

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
    // An empty name is none.
    let name = body.display_name.filter(|name| !name.is_empty());
    text::opt(name.as_ref(), |name| text::name(name, DISPLAY_NAME_CHARS_MAX)).at("displayName")?;
    for field in kind.fields().filter(|field| field.required_on_create) {
        let is_there = body.fields.get(field.name).is_some_and(|value| !value.is_null() && value != "");
        if !is_there {
            return refuse("is required").at(field.name);
        }
    }
    let Sorted { config, secrets } = sort(kind, &body.fields, |field| !field.read_only)?;
    check_together(kind.name, &config, &secrets)?;
    Ok(IntegrationDraft {
        kind: kind.name.to_owned(),
        name,
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
        let value = match field.name {
            // The provider says which page it is (decision 43).
            "pageId" => continue,
            "prechatCapture" if value.is_object() => prechat::checked(value).at(field.name)?,
            _ => value.clone(),
        };
        let place = if field.secret || field.write_only { &mut sorted.secrets } else { &mut sorted.config };
        place.insert(field.name.to_owned(), value);
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
        // The description's own example writes the number of a page as a text.
        (FieldKind::Number, Value::String(digits)) if is_number(digits) => Ok(()),
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

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
            let within = address
                .rsplit_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.eq_ignore_ascii_case(domain));
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
        let body: WebhookCreateBody = wire::body::from_value(value).map_err(Invalid::from)?;
        webhook::create(body)
    };
    given.iter().enumerate().map(|(index, value)| read(value).nth("", index)).collect()
}
