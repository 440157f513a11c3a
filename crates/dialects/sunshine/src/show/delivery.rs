//! Deliveries that failed (decision 50).

use hub::{DeliveryState, DeliveryView};
use wire::crosspoint::types::{Delivery, DeliveryStatus, EventRef};
use wire::sunshine::types::Trigger;

/// A delivery.
pub(crate) fn delivery(view: &DeliveryView) -> Delivery {
    let (status, failed_at, next_attempt_at) = match view.state {
        DeliveryState::Waiting { next_at } => (DeliveryStatus::Waiting, None, Some(next_at)),
        DeliveryState::Dead { died_at } => (DeliveryStatus::Dead, Some(died_at), None),
        DeliveryState::Replaying { died_at, replay_at } => {
            (DeliveryStatus::Replaying, Some(died_at), Some(replay_at))
        }
    };
    Delivery {
        id: view.id.to_string(),
        status,
        webhook_id: view.subscription_id.to_string(),
        target: Some(view.target.clone()),
        event: EventRef {
            id: view.event_id.to_string(),
            kind: Trigger::from(view.kind.name()),
            created_at: view.event_at.to_string(),
        },
        conversation_id: view.conversation_id.map(|id| id.to_string()),
        attempts: u32::try_from(view.attempts).unwrap_or(u32::MAX),
        last_status: view.status.and_then(|status| u16::try_from(status).ok()),
        last_error: view.error.clone(),
        failed_at: failed_at.map(|at| at.to_string()),
        next_attempt_at: next_attempt_at.map(|at| at.to_string()),
    }
}
