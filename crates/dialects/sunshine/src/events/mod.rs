//! Events in the form of this dialect: what is posted to webhooks and what the feed of an app shows
//! (sunshine-v2.md §9).

mod control;
mod message;
mod parts;
mod payload;
mod reasons;
#[cfg(test)]
mod tests;

use hub::outbox::{EventRenderer, EventView, Retries, Subscriber};
use hub::{Hub, MessageView};
use model::record::EventForm;
use wire::sunshine::types::{AppRef, Event, Trigger, WebhookBody, WebhookRef};

pub(crate) use self::parts::Look;
use self::parts::Parts;
use self::payload::{Payload, payload};

/// The version of webhooks.
const VERSION: &str = "v2";

/// Writes the bodies of webhooks.
pub struct SunshineRenderer {
    hub: Hub,
}

impl SunshineRenderer {
    /// A renderer; the hub tells it the addresses of media.
    pub fn new(hub: Hub) -> SunshineRenderer {
        SunshineRenderer { hub }
    }
}

impl EventRenderer for SunshineRenderer {
    fn form(&self) -> EventForm {
        EventForm::Sunshine
    }

    fn retries(&self) -> Retries {
        Retries::STANDARD
    }

    fn render(&self, event: &EventView, subscriber: &Subscriber) -> Vec<u8> {
        let subscription = &subscriber.subscription;
        let look =
            Look { full_user: subscription.include_full_user, full_source: subscription.include_full_source };
        let body = WebhookBody {
            app: AppRef { id: event.app_id.to_string() },
            webhook: WebhookRef { id: subscription.id.to_string(), version: VERSION.to_owned() },
            events: vec![self::event(&self.hub, event, look, event.history_for(subscription))],
        };
        serde_json::to_vec(&body).unwrap_or_else(|error| {
            tracing::error!(%error, event = %event.id, "the body of an event could not be written");
            Vec::new()
        })
    }
}

/// An event, as it stands in the body of a webhook. `history` are the messages that are handed over.
pub(crate) fn event<'a>(
    hub: &Hub,
    view: &'a EventView,
    look: Look,
    history: &'a [MessageView],
) -> Event<Payload<'a>> {
    Event {
        id: view.id.to_string(),
        created_at: view.at.to_string(),
        kind: Trigger::from(view.kind.name()),
        payload: payload(hub, &Parts::of(view), look, history),
    }
}
