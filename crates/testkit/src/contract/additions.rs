//! What sunshine-v2.md and the decisions add to the document, or take away. Each line is a
//! deliberate difference; nothing else of the document is touched.

use serde_json::{Value, json};

/// Secrets that no reply shows though the document does not mark them (§10.1).
const KEPT_SECRET: [&str; 7] = [
    "signingKey",
    "channelSecret",
    "channelAccessToken",
    "switcherSecret",
    "authenticationMessageSecret",
    "accountManagementAccessToken",
    "pageAccessToken",
];

/// The types whose customers are reached through a provider.
const PROVIDERS: [&str; 11] = [
    "apple",
    "instagram",
    "line",
    "mailgun",
    "messagebird",
    "messenger",
    "telegram",
    "twilio",
    "twitter",
    "viber",
    "whatsapp",
];

/// Whether no reply may show this field though the document does not mark it.
pub fn is_kept_secret(name: &str) -> bool {
    KEPT_SECRET.contains(&name)
}

/// The fixed mask of the three secrets that a strict reader needs as a text (§10.1).
pub fn mask_of(name: &str) -> Option<&'static str> {
    matches!(name, "apiSecret" | "consumerKey" | "accessTokenKey").then_some("********")
}

/// Changes the document before it is translated.
pub fn apply(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    // §13.11: an integration whose last webhook was deleted shows an empty list.
    schemas["custom"]["allOf"][1]["properties"]["webhooks"]["minItems"] = json!(0);
    // Ours: how an integration does at its provider, or that nobody speaks to it.
    for channel in PROVIDERS {
        schemas[channel]["allOf"][1]["properties"]["health"] = json!({
            "type": "object", "readOnly": true,
            "properties": { "reason": { "type": "string" }, "lastGoodAt": { "type": "string" } }
        });
    }
    // Ours, channels.md §0.1: what a channel has sent, where the content cannot say it.
    for source in ["source", "sourceWebhook"] {
        schemas[source]["properties"]["raw"] = json!({});
    }
    // §9.5: authors of webhooks have names, as in the document's own examples.
    let author = &mut schemas["authorWebhook"]["properties"];
    author["displayName"] = json!({ "type": "string" });
    author["avatarUrl"] = json!({ "type": "string" });
    author["subtypes"] = json!({ "type": "array", "items": { "enum": ["AI", "activity"] } });
    // §9.5: includeFullUser widens every user of a payload.
    for event in ["clientAddEvent", "clientRemoveEvent", "clientUpdateEvent"] {
        payload(schemas, event)["user"] = json!({ "$ref": "#/components/schemas/user" });
    }
    for event in ["conversationJoinEvent", "conversationLeaveEvent", "userRemoveEvent"] {
        payload(schemas, event)["user"] = json!({ "$ref": "#/components/schemas/user" });
    }
    // §8.5 and §13.6: the target's copy of a hand-over carries the last messages.
    for event in ["switchboardPassControl", "switchboardOfferControl", "switchboardAcceptControl"] {
        payload(schemas, event)["messageHistory"] = json!({
            "type": "array", "minItems": 1, "maxItems": 10,
            "items": { "$ref": "#/components/schemas/messageWebhook" }
        });
    }
}

fn payload<'a>(schemas: &'a mut Value, event: &str) -> &'a mut Value {
    let parts = schemas[event]["allOf"].as_array_mut();
    let parts = parts.unwrap_or_else(|| panic!("the facts know no event {event}"));
    let with_payload = parts.iter_mut().find(|part| !part["properties"]["payload"].is_null());
    let found = with_payload.unwrap_or_else(|| panic!("{event} has no payload"));
    &mut found["properties"]["payload"]["properties"]
}

/// The schema of an event; the inner `None` is the one event that has none, the outer one an
/// unknown name.
pub fn event_schema(kind: &str) -> Option<Option<&'static str>> {
    Some(Some(match kind {
        "client:add" => "clientAddEvent",
        "client:remove" => "clientRemoveEvent",
        "client:update" => "clientUpdateEvent",
        "conversation:create" => "conversationCreateEvent",
        "conversation:join" => "conversationJoinEvent",
        "conversation:leave" => "conversationLeaveEvent",
        "conversation:remove" => "conversationRemoveEvent",
        "conversation:message" => "conversationMessageEvent",
        "conversation:message:delivery:channel" => "conversationMessageDeliveryChannelEvent",
        "conversation:message:delivery:failure" => "conversationMessageDeliveryFailureEvent",
        "conversation:message:delivery:user" => "conversationMessageDeliveryUserEvent",
        "conversation:postback" => "conversationPostbackEvent",
        "conversation:read" => "conversationReadEvent",
        "conversation:referral" => "conversationReferralEvent",
        "conversation:typing" => "conversationTypingEvent",
        "switchboard:acceptControl" => "switchboardAcceptControl",
        "switchboard:acceptControl:failure" => "switchboardAcceptControlFailure",
        "switchboard:offerControl" => "switchboardOfferControl",
        "switchboard:offerControl:failure" => "switchboardOfferControlFailure",
        "switchboard:passControl" => "switchboardPassControl",
        "switchboard:passControl:failure" => "switchboardPassControlFailure",
        "switchboard:releaseControl" => "switchboardReleaseControl",
        "user:merge" => "userMergeEvent",
        "user:update" => "userUpdateEvent",
        "user:remove" => "userRemoveEvent",
        "passthrough:messaging" => return Some(None),
        _ => return None,
    }))
}
