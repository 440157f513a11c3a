//! Switchboards and their members (sunshine-v2.md §8.1).

use hub::{MemberView, SwitchboardView};
use wire::sunshine::types;

/// A switchboard.
pub(crate) fn switchboard(view: &SwitchboardView) -> types::Switchboard {
    types::Switchboard {
        id: view.switchboard.id.to_string(),
        enabled: view.switchboard.enabled,
        default_switchboard_integration_id: view.default_id.map(|id| id.to_string()),
    }
}

/// A member of a switchboard.
pub(crate) fn member(view: &MemberView) -> types::SwitchboardIntegration {
    let member = &view.member;
    types::SwitchboardIntegration {
        id: member.id.to_string(),
        name: member.name.clone(),
        integration_id: member.integration_id.to_string(),
        integration_type: member.integration_type.clone(),
        deliver_standby_events: member.deliver_standby_events,
        next_switchboard_integration_id: view.next_id.map(|id| id.to_string()),
        message_history_count: member.message_history_count.map(u32::from),
    }
}
