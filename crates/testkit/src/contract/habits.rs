//! Rules of every body that no schema states: forms of times and ids, nothing that is null, flat
//! metadata, what is always there (sunshine-v2.md §0.2–0.4, §3.3).

use serde_json::Value;

const TIMES: [&str; 8] = [
    "createdAt",
    "lastUpdatedAt",
    "lastRead",
    "lastSeen",
    "linkedAt",
    "received",
    "signedUpAt",
    "businessLastRead",
];

const IDS: [&str; 9] = [
    "userId",
    "clientId",
    "integrationId",
    "defaultSwitchboardIntegrationId",
    "nextSwitchboardIntegrationId",
    "conversationId",
    "afterCursor",
    "beforeCursor",
    "messageId",
];

/// Objects whose inside belongs to a caller or a channel.
const FREE_FORM: [&str; 10] = [
    "raw",
    "info",
    "template",
    "data",
    "passthrough",
    "extraChannelOptions",
    "error",
    "details",
    "metadata",
    "requests",
];

const PAGED: [&str; 6] =
    ["ListApps", "ListIntegrations", "ListConversations", "ListParticipants", "ListMessages", "ListClients"];

pub fn check_reply(operation: &str, body: &Value) -> Result<(), String> {
    walk("", body)?;
    if PAGED.contains(&operation) && !body["meta"]["hasMore"].is_boolean() {
        return Err(format!("{operation} without meta.hasMore: {body}"));
    }
    let users = body["users"].as_array().into_iter().flatten().chain(body.get("user"));
    for user in users {
        let complete =
            user["profile"].is_object() && user["metadata"].is_object() && user["identities"].is_array();
        if !complete || user["id"].is_null() {
            return Err(format!("a user always has id, profile, metadata and identities: {user}"));
        }
    }
    Ok(())
}

pub fn check_event(event: &Value) -> Result<(), String> {
    walk("", event)
}

fn walk(path: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Null => Err(format!("{path} is null and not absent")),
        Value::Array(items) => items.iter().try_for_each(|item| walk(&format!("{path}[]"), item)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let path = format!("{path}.{name}");
            check_field(&path, name, value)?;
            if FREE_FORM.contains(&name.as_str()) { Ok(()) } else { walk(&path, value) }
        }),
        _ => Ok(()),
    }
}

fn check_field(path: &str, name: &str, value: &Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    if TIMES.contains(&name) && !is_time(text) {
        return Err(format!("{path} is not YYYY-MM-DDThh:mm:ss.SSSZ: {value}"));
    }
    let wants_id = IDS.contains(&name) || (name == "id" && !path.ends_with("externalMessages[].id"));
    if wants_id && !is_id(text) && !is_key_id(text) {
        return Err(format!("{path} is not an id of 24 hexadecimal digits: {value}"));
    }
    if name == "metadata" {
        let flat = |inner: &Value| inner.is_string() || inner.is_number() || inner.is_boolean();
        let all = value.as_object().is_some_and(|fields| fields.values().all(flat));
        return if all { Ok(()) } else { Err(format!("{path} is not flat: {value}")) };
    }
    Ok(())
}

/// `YYYY-MM-DDThh:mm:ss.SSSZ`, always three decimals, always `Z`.
pub fn is_time(text: &str) -> bool {
    const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let fits = |(want, have): (&u8, u8)| if *want == b'0' { have.is_ascii_digit() } else { *want == have };
    text.len() == FORM.len() && FORM.iter().zip(text.bytes()).all(fits)
}

/// 24 lower-case hex digits.
pub fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_key_id(text: &str) -> bool {
    ["act_", "app_", "int_"].iter().any(|prefix| text.strip_prefix(prefix).is_some_and(is_id))
}
