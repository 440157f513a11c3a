//! What is wanted of a new integration.

use hub::{EndpointDraft, EndpointSettings};
use model::record::Role;
use wire::hubster::types::ChannelType;

use crate::FORM;
use crate::read::{Check, Fields};

/// The channel: by name in any case, or by number.
pub(super) fn channel(check: &mut Check, fields: &Fields<'_>) -> Option<ChannelType> {
    let Some(value) = fields.get("channelId") else {
        check.missing(fields, "channelId");
        return None;
    };
    match serde_json::from_value(value.clone()) {
        // The platform itself is no channel for callers.
        Ok(ChannelType::Hubster | ChannelType::Unknown(_)) | Err(_) => {
            check.not_valid(value);
            None
        }
        Ok(channel) => Some(channel),
    }
}

/// An integration that is reached by our own sockets or a webhook.
pub(super) fn endpoint(
    channel: &ChannelType,
    name: String,
    paused: bool,
    role: Role,
    settings: EndpointSettings,
) -> EndpointDraft {
    EndpointDraft {
        name,
        paused,
        role,
        surface: channel.as_str().to_owned(),
        form: FORM,
        config: Default::default(),
        secrets: Default::default(),
        account: None,
        settings,
    }
}
