//! A message that a caller posts (sunshine-v2.md §6.1, §6.4).

use hub::{AuthorDraft, MessageDraft};
use model::record::Destination;
use serde_json::Value;
use wire::sunshine::types::{self, AppleCapability, MessageOverride, MessagePost};

use super::content::{Rules, content};
use super::{At, Checked, Invalid, author, id, metadata, one_of, refuse, text};

/// The native schema that a content can have.
const SCHEMA: &str = "whatsapp";
/// The type of integration that stands for no delivery.
const SILENT: &str = "none";
/// Channels that take a raw payload. The vendor's API knows the first four.
const OVERRIDABLE: [&str; 6] = ["apple", "line", "messenger", "whatsapp", "telegram", "twilio"];

/// The message as the hub takes it.
pub(crate) fn message(post: MessagePost) -> Checked<MessageDraft> {
    let MessagePost { author, content: said, destination, metadata, overrides, schema } = post;
    let author = author::of_message(author).at("author")?;
    if schema.as_deref().is_some_and(|schema| schema != SCHEMA) {
        return refuse(format!("must be {SCHEMA}")).at("schema");
    }
    let rules = Rules { business: matches!(author, AuthorDraft::Business(_)), native: schema.is_some() };
    let content = content(said, rules).at("content")?;
    metadata::whole(metadata.as_ref())?;
    let destination = destination.map(self::destination).transpose().at("destination")?;
    let overrides = overrides.map(self::overrides).transpose().at("override")?;
    Ok(MessageDraft { author, content, metadata, destination, overrides, schema })
}

fn destination(destination: types::Destination) -> Checked<Destination> {
    match (destination.integration_id, destination.integration_type) {
        (Some(id), None) => id::parse(&id).map(Destination::Integration).at("integrationId"),
        (None, Some(kind)) if kind == SILENT => Ok(Destination::Silent),
        (None, Some(kind)) => {
            text::within(&kind, 1, usize::MAX).at("integrationType")?;
            Ok(Destination::Kind(kind))
        }
        _ => refuse("needs exactly one of integrationId and integrationType"),
    }
}

/// Raw payloads for single channels, to be kept as they are.
fn overrides(overrides: MessageOverride) -> Checked<Value> {
    if let Some(channel) = overrides.other.keys().next() {
        return refuse(format!("must be one of {}", OVERRIDABLE.join(", "))).at(channel);
    }
    let MessageOverride { apple, line, messenger, whatsapp, telegram, twilio, .. } = &overrides;
    let others = [line, messenger, whatsapp, telegram, twilio];
    let others = others.map(|other| other.as_ref().map(|other| other.payload.is_some()));
    let [line, messenger, whatsapp, telegram, twilio] = others;
    let apple = apple.as_ref().map(|apple| apple.payload.is_some());
    // In the order of their names.
    let given = [apple, line, messenger, whatsapp, telegram, twilio];
    if given.iter().all(Option::is_none) {
        return refuse(format!("needs at least one of {}", OVERRIDABLE.join(", ")));
    }
    let capabilities = overrides.apple.as_ref().and_then(|apple| apple.with_capabilities.as_deref());
    for (index, capability) in capabilities.unwrap_or_default().iter().enumerate() {
        let known = one_of((), capability.is_known(), AppleCapability::KNOWN);
        known.nth("withCapabilities", index).at("apple")?;
    }
    if let Some((channel, _)) = OVERRIDABLE.iter().zip(given).find(|(_, given)| *given == Some(false)) {
        return refuse("is required").at("payload").at(channel);
    }
    serde_json::to_value(&overrides).map_err(|error| Invalid::new(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use model::content::Content;
    use serde_json::json;

    use super::*;

    fn make(mut extra: Value) -> Checked<MessageDraft> {
        let fields = extra.as_object_mut().unwrap();
        fields.entry("author").or_insert(json!({ "type": "business" }));
        fields.entry("content").or_insert(json!({ "type": "text", "text": "hi" }));
        message(wire::body::from_value(&extra).unwrap())
    }

    fn refusal(extra: Value) -> String {
        make(extra).unwrap_err().to_string()
    }

    #[test]
    fn a_message_has_author_and_content() {
        let draft = make(json!({ "metadata": { "a": 1 } })).unwrap();
        assert!(matches!((&draft.author, &draft.content), (AuthorDraft::Business(_), Content::Text(_))));
        assert!(draft.metadata.is_some() && draft.destination.is_none() && draft.overrides.is_none());
    }

    #[test]
    fn a_destination_is_named_once() {
        let to = |destination: Value| {
            make(json!({ "destination": destination })).map(|draft| draft.destination.unwrap())
        };
        let id = "5ebee0975ac5304b664a12fa";
        assert_eq!(to(json!({ "integrationId": id })), Ok(Destination::Integration(id.parse().unwrap())));
        assert_eq!(to(json!({ "integrationType": "none" })), Ok(Destination::Silent));
        assert_eq!(to(json!({ "integrationType": "twilio" })), Ok(Destination::Kind("twilio".to_owned())));
        for wrong in [json!({}), json!({ "integrationId": id, "integrationType": "none" })] {
            let title = "destination: needs exactly one of integrationId and integrationType";
            assert_eq!(refusal(json!({ "destination": wrong })), title);
        }
        let wrong = refusal(json!({ "destination": { "integrationId": "x" } }));
        assert_eq!(wrong, "destination.integrationId: must be an id of 24 hexadecimal digits");
    }

    #[test]
    fn raw_payloads_are_for_the_channels_that_take_one() {
        let raw = json!({ "apple": { "payload": { "a": [1] }, "withCapabilities": ["LIST"] }, "line": { "payload": {} },
            "telegram": { "payload": { "method": "sendDice" } }, "twilio": { "payload": { "ContentSid": "HX1" } } });
        assert_eq!(make(json!({ "override": raw })).unwrap().overrides, Some(raw));
        assert_eq!(
            refusal(json!({ "override": {} })),
            "override: needs at least one of apple, line, messenger, whatsapp, telegram, twilio"
        );
        let other = refusal(json!({ "override": { "viber": { "payload": {} } } }));
        assert_eq!(
            other,
            "override.viber: must be one of apple, line, messenger, whatsapp, telegram, twilio"
        );
        let capability = refusal(json!({ "override": { "apple": { "withCapabilities": ["LIST", "FLY"] } } }));
        assert_eq!(
            capability,
            "override.apple.withCapabilities[1]: must be one of LIST, TIME, FORM, QUICK, AUTH2"
        );
    }

    #[test]
    fn an_override_has_a_payload() {
        for channel in OVERRIDABLE {
            let missing = refusal(json!({ "override": { channel: {} } }));
            assert_eq!(missing, format!("override.{channel}.payload: is required"));
        }
        let one = json!({ "override": { "line": { "payload": {} }, "twilio": {} } });
        assert_eq!(refusal(one), "override.twilio.payload: is required");
    }

    #[test]
    fn whatsapp_is_the_only_schema() {
        assert_eq!(refusal(json!({ "schema": "x" })), "schema: must be whatsapp");
        assert_eq!(
            refusal(json!({ "schema": "whatsapp" })),
            "content.type: must be template when schema is given"
        );
        let template =
            json!({ "schema": "whatsapp", "content": { "type": "template", "template": { "name": "t" } } });
        assert_eq!(make(template).unwrap().schema.as_deref(), Some("whatsapp"));
    }

    #[test]
    fn refusals_name_the_whole_path() {
        let long = json!({ "content": { "type": "text", "text": "x".repeat(4_097) } });
        assert_eq!(refusal(long), "content.text: must not be longer than 4096 characters");
        assert_eq!(
            refusal(json!({ "author": { "type": "user" } })),
            "author: needs exactly one of userId and userExternalId"
        );
        assert_eq!(
            refusal(json!({ "metadata": { "a": null } })),
            r#"metadata: "a": must be a string, a number or a boolean"#
        );
        let card = json!({ "author": { "type": "user", "userId": "a" }, "content": { "type": "carousel", "items": [] } });
        assert_eq!(refusal(card), "content.type: carousel can be sent by the business only");
    }
}
