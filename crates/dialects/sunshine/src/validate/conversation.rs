//! Conversations (sunshine-v2.md §5.1).

use hub::{ConversationDraft, ConversationPatch};
use wire::sunshine::limits::{
    CONVERSATION_DESCRIPTION_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, PARTICIPANTS_AT_CREATION_COUNT_MAX,
};
use wire::sunshine::types::{
    ConversationCreateBody, ConversationType, ConversationUpdateBody, ParticipantSpec,
};

use super::patch::nullable;
use super::{At, Checked, count, metadata, one_of, participant, text, url};

/// A conversation that is to begin.
pub(crate) fn create(body: ConversationCreateBody) -> Checked<ConversationDraft> {
    one_of((), body.kind.is_known(), ConversationType::KNOWN).at("type")?;
    let group = body.kind == ConversationType::SdkGroup;
    text::opt(body.display_name.as_ref(), display_name).at("displayName")?;
    text::opt(body.description.as_ref(), description).at("description")?;
    text::opt(body.icon_url.as_ref(), url::web).at("iconUrl")?;
    metadata::whole(body.metadata.as_ref())?;
    let participants = body.participants.unwrap_or_default();
    let (min, max) = if group { (0, PARTICIPANTS_AT_CREATION_COUNT_MAX) } else { (1, 1) };
    count(participants.len(), min, max).at("participants")?;
    let numbered = participants.into_iter().enumerate();
    let one = |(index, spec): (usize, ParticipantSpec)| {
        participant::participant(spec, group).nth("participants", index)
    };
    Ok(ConversationDraft {
        group,
        participants: numbered.map(one).collect::<Checked<_>>()?,
        name: body.display_name,
        description: body.description,
        icon_url: body.icon_url,
        metadata: body.metadata.filter(|metadata| !metadata.is_empty()),
    })
}

/// A change of a conversation.
pub(crate) fn update(body: ConversationUpdateBody) -> Checked<ConversationPatch> {
    Ok(ConversationPatch {
        name: nullable(body.display_name, |name| display_name(name)).at("displayName")?,
        description: nullable(body.description, |text| description(text)).at("description")?,
        icon_url: nullable(body.icon_url, |address| url::web(address)).at("iconUrl")?,
        metadata: nullable(body.metadata, metadata::changes).at("metadata")?,
    })
}

fn display_name(name: &str) -> Checked {
    text::name(name, DISPLAY_NAME_CHARS_MAX)
}

fn description(text: &str) -> Checked {
    text::name(text, CONVERSATION_DESCRIPTION_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use model::patch::Patch;
    use serde_json::{Value, json};

    use super::*;

    fn make(value: Value) -> Checked<ConversationDraft> {
        create(serde_json::from_value(value).unwrap())
    }

    fn change(value: Value) -> Checked<ConversationPatch> {
        update(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_personal_one_has_exactly_one_participant() {
        let draft =
            make(json!({ "type": "personal", "participants": [{ "userId": "a" }], "displayName": "x" }))
                .unwrap();
        assert_eq!((draft.group, draft.participants.len(), draft.name.as_deref()), (false, 1, Some("x")));
        for participants in [json!(null), json!([]), json!([{ "userId": "a" }, { "userId": "b" }])] {
            let refused =
                make(json!({ "type": "personal", "participants": participants })).unwrap_err().to_string();
            assert_eq!(refused, "participants: must have exactly 1 entry");
        }
    }

    #[test]
    fn a_group_has_up_to_ten() {
        assert_eq!(make(json!({ "type": "sdkGroup" })).unwrap().participants.len(), 0);
        let member = json!({ "userExternalId": "a", "subscribeSDKClient": true });
        let members =
            |count: usize| json!({ "type": "sdkGroup", "participants": vec![member.clone(); count] });
        assert_eq!(make(members(10)).unwrap().participants.len(), 10);
        assert!(make(members(11)).is_err());
        let silent =
            make(json!({ "type": "sdkGroup", "participants": [{ "userId": "a" }] })).unwrap_err().to_string();
        assert_eq!(silent, "participants[0].subscribeSDKClient: is required");
    }

    #[test]
    fn wrong_fields_are_named() {
        let with = |field: &str, value: Value| {
            make(json!({ "type": "sdkGroup", field: value })).unwrap_err().to_string()
        };
        assert_eq!(with("type", json!("group")), "type: must be one of personal, sdkGroup");
        assert_eq!(with("displayName", json!("")), "displayName: must not be empty");
        assert_eq!(
            with("displayName", json!("x".repeat(101))),
            "displayName: must not be longer than 100 characters"
        );
        assert_eq!(
            with("description", json!("x".repeat(101))),
            "description: must not be longer than 100 characters"
        );
        assert_eq!(with("iconUrl", json!("x")), "iconUrl: must be an absolute http or https URL");
        assert_eq!(
            with("metadata", json!({ "a": null })),
            r#"metadata: "a": must be a string, a number or a boolean"#
        );
    }

    #[test]
    fn null_clears_in_a_change() {
        let patch =
            change(json!({ "displayName": null, "description": "x", "metadata": { "a": null } })).unwrap();
        assert_eq!((patch.name, patch.description), (Patch::Clear, Patch::Set("x".to_owned())));
        assert_eq!(patch.icon_url, Patch::Keep);
        assert!(matches!(patch.metadata, Patch::Set(_)));
        assert_eq!(
            change(json!({ "displayName": "" })).unwrap_err().to_string(),
            "displayName: must not be empty"
        );
        assert!(change(json!({ "metadata": { "a": [] } })).is_err());
    }
}
