//! Conversations, in full and in the short form of events (sunshine-v2.md §5.1, §9.5).

use hub::ConversationView;
use hub::outbox::ConversationBrief;
use model::event::RemovedConversation;
use model::record::Conversation as Record;
use model::switchboard::Member;
use wire::crosspoint::types::{ConversationState, ConversationStatus};
use wire::sunshine::types::{self, ConversationType};

/// A conversation.
pub(crate) fn conversation(view: &ConversationView) -> types::Conversation {
    let Record { id, group, is_default, name, description, icon_url, metadata, created_at, state, .. } =
        &view.conversation;
    types::Conversation {
        id: id.to_string(),
        kind: kind(*group),
        metadata: metadata.clone(),
        active_switchboard_integration: view.active.as_ref().map(member),
        pending_switchboard_integration: view.pending.as_ref().map(member),
        is_default: Some(*is_default),
        display_name: name.clone(),
        description: description.clone(),
        icon_url: icon_url.clone(),
        business_last_read: state.business_read_at.map(|at| at.to_string()),
        last_updated_at: Some(state.last_at.unwrap_or(*created_at).to_string()),
        created_at: Some(created_at.to_string()),
    }
}

/// A conversation with its state (decision 23).
pub(crate) fn with_state(view: &ConversationView) -> ConversationState {
    let state = &view.conversation.state;
    let status = match (state.closed_at, state.opened_at) {
        (Some(_), _) => ConversationStatus::Closed,
        (None, Some(_)) => ConversationStatus::Open,
        (None, None) => ConversationStatus::New,
    };
    let closed_at = state.closed_at.map(|at| at.to_string());
    ConversationState { status, closed_at, conversation: conversation(view) }
}

/// A conversation as events show it.
pub(crate) fn truncated(brief: &ConversationBrief) -> types::ConversationTruncated {
    types::ConversationTruncated {
        id: brief.id.to_string(),
        kind: kind(brief.group),
        metadata: brief.metadata.clone(),
        active_switchboard_integration: brief.active.as_ref().map(member),
        pending_switchboard_integration: brief.pending.as_ref().map(member),
    }
}

/// A conversation of which only its last state is kept.
pub(crate) fn removed(last: &RemovedConversation) -> types::ConversationTruncated {
    types::ConversationTruncated {
        id: last.id.to_string(),
        kind: kind(last.group),
        metadata: last.metadata.clone(),
        active_switchboard_integration: None,
        pending_switchboard_integration: None,
    }
}

fn kind(group: bool) -> ConversationType {
    if group { ConversationType::SdkGroup } else { ConversationType::Personal }
}

fn member(member: &Member) -> types::SwitchboardIntegrationSummary {
    types::SwitchboardIntegrationSummary {
        id: member.id.clone(),
        name: Some(member.name.clone()),
        integration_id: member.integration_id.clone(),
        integration_type: Some(member.integration_type.clone()),
    }
}
