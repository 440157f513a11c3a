//! Deliveries that were given up (decision 50).

use hub::DeliveryView;
use wire::crosspoint::types::{Delivery, DeliveryStatus, EventRef};
use wire::sunshine::types::Trigger;

/// A delivery.
pub(crate) fn delivery(view: &DeliveryView) -> Delivery {
    let dead = &view.dead;
    Delivery {
        id: dead.id.to_string(),
        status: if dead.replay_at.is_some() { DeliveryStatus::Replaying } else { DeliveryStatus::Dead },
        webhook_id: view.subscription_id.to_string(),
        target: Some(view.target.clone()),
        event: EventRef {
            id: view.event_id.to_string(),
            kind: Trigger::from(view.kind.name()),
            created_at: view.event_at.to_string(),
        },
        conversation_id: view.conversation_id.map(|id| id.to_string()),
        attempts: u32::try_from(dead.attempts).unwrap_or(u32::MAX),
        last_status: dead.status.and_then(|status| u16::try_from(status).ok()),
        last_error: dead.error.clone(),
        failed_at: Some(dead.died_at.to_string()),
        next_attempt_at: dead.replay_at.map(|at| at.to_string()),
    }
}
