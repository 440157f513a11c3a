//! Activities as calls of `ReceiveDirectActivities` (hubster.md §6.5).

use hub::Hub;
use hub::outbox::{EventView, SocketRenderer};
use model::Id;
use model::record::{EventForm, Role};
use wire::hubster::signalr::{Record, written};
use wire::hubster::types::Activity;

use crate::FORM;
use crate::activity::of_event;

/// Writes activities for sockets.
pub struct SignalrRenderer {
    hub: Hub,
}

impl SignalrRenderer {
    /// A renderer that makes addresses of attachments as the hub is told.
    pub fn new(hub: Hub) -> SignalrRenderer {
        SignalrRenderer { hub }
    }
}

impl SocketRenderer for SignalrRenderer {
    fn form(&self) -> EventForm {
        FORM
    }

    fn kinds(&self) -> i64 {
        hub::endpoint_triggers(Role::Customer)
    }

    fn record(&self, event: &EventView, integration: Id) -> Option<String> {
        let exchange = event.exchange.as_ref()?;
        let url = &self.hub.settings().public_url;
        let conversation_id = Some(exchange.conversation_id.to_guid());
        let pushed = Activity { conversation_id, ..of_event(event, Some(integration), url)? };
        Some(written(&Record::activity(pushed)))
    }
}
