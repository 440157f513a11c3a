//! Activities as calls of `ReceiveDirectActivities` (hubster.md §6.5).

use hub::Hub;
use hub::outbox::{EventView, SocketRenderer};
use model::Id;
use model::record::Role;
use serde::Serialize;
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

/// The call that a client gets: one argument, whatever the name says.
#[derive(Serialize)]
struct Call {
    #[serde(rename = "type")]
    kind: u8,
    target: &'static str,
    arguments: [Pushed; 1],
}

/// An activity with the conversation, which a client that hears several could not tell otherwise.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pushed {
    conversation_id: String,
    #[serde(flatten)]
    activity: Activity,
}

impl SocketRenderer for SignalrRenderer {
    fn form(&self) -> &'static str {
        FORM
    }

    fn kinds(&self) -> i64 {
        hub::endpoint_triggers(Role::Customer)
    }

    fn record(&self, event: &EventView, integration: Id) -> Option<String> {
        let exchange = event.exchange.as_ref()?;
        let url = &self.hub.settings().public_url;
        let pushed = Pushed {
            conversation_id: exchange.conversation_id.to_guid(),
            activity: of_event(event, Some(integration), url)?,
        };
        let call = Call { kind: 1, target: "ReceiveDirectActivities", arguments: [pushed] };
        let mut text = serde_json::to_string(&call).ok()?;
        text.push(char::from(super::records::END));
        Some(text)
    }
}
