//! Switchboards and their members (sunshine-v2.md §8.1).

use hub::{MemberDraft, MemberPatch, SwitchboardPatch};
use model::patch::Patch;
use wire::sunshine::limits::{MESSAGE_HISTORY_COUNT_MAX, SWITCHBOARD_NAME_CHARS_MAX};
use wire::sunshine::types::{
    SwitchboardIntegrationCreateBody, SwitchboardIntegrationUpdateBody, SwitchboardUpdateBody,
};

use super::patch::nullable;
use super::{At, Checked, refuse, text};

/// A change of a switchboard.
pub(crate) fn update(body: SwitchboardUpdateBody) -> Checked<SwitchboardPatch> {
    let default = nullable(body.default_switchboard_integration_id, |_| Ok(()))?;
    Ok(SwitchboardPatch { enabled: body.enabled, default })
}

/// A member that is to be added.
pub(crate) fn create_member(body: SwitchboardIntegrationCreateBody) -> Checked<MemberDraft> {
    name(&body.name).at("name")?;
    if body.integration_id.is_some() == body.integration_type.is_some() {
        return refuse("needs exactly one of integrationId and integrationType");
    }
    Ok(MemberDraft {
        name: body.name,
        integration_id: body.integration_id,
        integration_type: body.integration_type,
        deliver_standby_events: body.deliver_standby_events.unwrap_or(true),
        next: body.next_switchboard_integration_id,
        message_history_count: body.message_history_count.map(history).transpose()?,
    })
}

/// A change of a member.
pub(crate) fn update_member(body: SwitchboardIntegrationUpdateBody) -> Checked<MemberPatch> {
    text::opt(body.name.as_ref(), name).at("name")?;
    let message_history_count = match nullable(body.message_history_count, |_| Ok(()))? {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(count) => Patch::Set(history(count)?),
    };
    Ok(MemberPatch {
        name: body.name,
        integration_id: body.integration_id,
        integration_type: body.integration_type,
        deliver_standby_events: body.deliver_standby_events,
        next: nullable(body.next_switchboard_integration_id, |_| Ok(()))?,
        message_history_count,
    })
}

fn name(name: &str) -> Checked {
    text::within(name, 1, SWITCHBOARD_NAME_CHARS_MAX)?;
    match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        true => Ok(()),
        false => refuse("must consist of letters, digits, hyphens and underscores"),
    }
}

fn history(count: u32) -> Checked<u8> {
    match u8::try_from(count)
        .ok()
        .filter(|count| (1..=MESSAGE_HISTORY_COUNT_MAX).contains(&u32::from(*count)))
    {
        Some(count) => Ok(count),
        None => refuse(format!("must be from 1 to {MESSAGE_HISTORY_COUNT_MAX}")).at("messageHistoryCount"),
    }
}
