//! An event with everything that its body may show, and who may see it.

use std::sync::Arc;

use model::audience::{Membership, Occasion, audience, wants_history};
use model::content::Metadata;
use model::event::{EventDetail, EventType};
use model::record::{AppKey, Client, Device, Endpoint, Role, Subscription, User};
use model::switchboard::{Board, Member};
use model::{Id, Millis};

use super::{KnownApp, Lane};
use crate::exchange::Exchange;
use crate::queries::messages::MessageView;

/// An event as it is told.
pub struct EventView {
    /// Its number.
    pub sequence: i64,
    /// Public id; the same in every attempt and for every subscriber.
    pub id: Id,
    /// When it happened.
    pub at: Millis,
    /// What happened.
    pub kind: EventType,
    /// The app.
    pub app: AppKey,
    /// The app's public id.
    pub app_id: Id,
    /// The queue in which it keeps its place.
    pub lane: Lane,
    /// The conversation.
    pub conversation: Option<ConversationBrief>,
    /// The user it is about.
    pub user: Option<Arc<User>>,
    /// The message it is about.
    pub message: Option<MessageView>,
    /// The client it is about.
    pub client: Option<Client>,
    /// The client through which it came.
    pub source_client: Option<Client>,
    /// The device from which it came.
    pub source_device: Option<Device>,
    /// What no living row keeps.
    pub detail: EventDetail,
    /// The newest messages in front of a change of control, oldest first.
    pub history: Vec<MessageView>,
    /// Users that messages above refer to.
    pub people: Vec<Arc<User>>,
    /// Whether media of the message are still being fetched.
    pub awaits_media: bool,
    /// Whether it came through an integration that is paused: it waits.
    pub is_paused: bool,
    /// The conversation as the endpoints of the app see it; `None` where there are none.
    pub exchange: Option<Exchange>,
    pub(super) occasion: Occasion,
    pub(super) known: Arc<KnownApp>,
}

impl std::fmt::Debug for EventView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventView").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A conversation as events show it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationBrief {
    /// Public id.
    pub id: Id,
    /// Whether several users may take part.
    pub group: bool,
    /// The business's own data.
    pub metadata: Option<Metadata>,
    /// Who was in control after the event.
    pub active: Option<Member>,
    /// Who was offered control after the event.
    pub pending: Option<Member>,
}

impl EventView {
    /// Whether this subscription gets the event: it asked for the type, is older than the event, and
    /// the switchboard lets it hear.
    pub fn is_for(&self, subscription: &Subscription) -> bool {
        subscription.app == self.app
            && subscription.triggers & self.kind.bit() != 0
            && audience(&self.occasion, self.membership(subscription))
            && self.endpoint_hears(subscription)
    }

    /// Whether the sockets of an endpoint hear the event: it has no webhook, its integration works, and
    /// the switchboard lets it hear.
    pub fn is_heard_over_sockets(&self, endpoint: &Endpoint, integration: Id) -> bool {
        let membership = self.board().and_then(|board| Membership::of(board, endpoint.integration.0));
        let Some((exchange, message)) = self.exchange.as_ref().zip(self.message.as_ref()) else {
            return false;
        };
        endpoint.target.is_none()
            && endpoint.role != Role::Listener
            && !self.known.paused.contains(&integration)
            && audience(&self.occasion, membership)
            && exchange.hears(endpoint, &message.message)
    }

    /// The messages that this subscriber is handed over with control, oldest first.
    pub fn history_for(&self, subscription: &Subscription) -> &[MessageView] {
        let membership = self.membership(subscription);
        if !wants_history(&self.occasion, membership) {
            return &[];
        }
        let count = self
            .board()
            .and_then(|board| board.member(membership?.seat))
            .and_then(|member| member.message_history_count)
            .map_or(0, usize::from);
        let from = self.history.len().saturating_sub(count);
        self.history.get(from..).unwrap_or(&[])
    }

    /// A user that a message refers to.
    pub fn person(&self, id: Id) -> Option<&Arc<User>> {
        self.people.iter().find(|user| user.id == id)
    }

    /// Whether the endpoint behind a subscription hears the message; others hear everything.
    fn endpoint_hears(&self, subscription: &Subscription) -> bool {
        let Some(exchange) = &self.exchange else { return true };
        let own = |endpoint: &&Endpoint| endpoint.integration == subscription.integration;
        let Some(endpoint) = exchange.endpoints.values().find(own) else { return true };
        self.message.as_ref().is_some_and(|view| exchange.hears(endpoint, &view.message))
    }

    fn board(&self) -> Option<&Board> {
        self.known.board.as_ref()
    }

    fn membership(&self, subscription: &Subscription) -> Option<Membership> {
        Membership::of(self.board()?, subscription.integration.0)
    }
}
