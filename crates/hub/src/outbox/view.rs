//! An event with everything that its body may show, and who may see it.

use std::sync::Arc;

use model::audience::{Membership, Occasion, audience, concerns_channels, wants_history};
use model::content::Metadata;
use model::event::{EventDetail, EventType};
use model::record::{AppKey, Client, Device, Endpoint, IntegrationKey, Role, Subscription, User, UserKey};
use model::switchboard::{Board, Member};
use model::{Id, Millis};

use super::{HeardApp, Lane, Notice, Subscriber};
use crate::exchange::{Exchange, Writer};
use crate::queries::messages::MessageView;
use crate::rules::append::Recipient;
use crate::rules::webhooks::{CHANNEL_FORM, LISTED_FORM};

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
    /// Whether it came through an integration that is paused.
    pub(super) came_through_paused: bool,
    /// The conversation as the endpoints of the app see it; `None` where there are none.
    pub exchange: Option<Exchange>,
    /// What the addresses in the app's settings are told besides; `None` where there are none.
    pub notice: Option<Notice>,
    /// Who gets it on a channel, if it is a message of the business.
    pub(super) recipient: Recipient,
    pub(super) occasion: Occasion,
    pub(super) known: Arc<HeardApp>,
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
            && (subscription.form != CHANNEL_FORM || self.concerns_channel(subscription.integration))
            && self.is_told(subscription)
            && self.is_noticed(subscription.form)
    }

    /// Whether the channel of an integration has anything to do with it. A message has one channel at most.
    fn concerns_channel(&self, integration: IntegrationKey) -> bool {
        concerns_channels(self.kind, self.writer())
            && (self.kind != EventType::ConversationMessage || self.recipient.integration == integration)
    }

    /// The user who wrote the message, if it is about a user's message; 0 otherwise.
    fn writer(&self) -> UserKey {
        self.message.as_ref().and_then(|view| view.message.author.user).unwrap_or_default()
    }

    /// Whether the event waits for this subscriber: because the app or the subscriber's integration is
    /// paused, or, for others than channels, the integration through which it came (decision 33).
    pub fn waits_for(&self, subscriber: &Subscriber) -> bool {
        let own = subscriber.subscription.integration;
        subscriber.paused
            || self.known.all_paused
            || self.known.paused.iter().any(|(key, _)| *key == own)
            || self.came_through_paused && !subscriber.is_channel()
    }

    /// Whether the event waits for everybody who is no channel: because the app is paused, or the integration
    /// through which it came.
    pub fn is_paused(&self) -> bool {
        self.known.all_paused || self.came_through_paused
    }

    /// Whether an integration is paused, so that its sockets hear nothing.
    pub fn rests(&self, integration: Id) -> bool {
        self.known.paused.iter().any(|(_, id)| *id == integration)
    }

    /// Whether the sockets of an endpoint hear the event, if its integration works: it has no webhook, and
    /// the switchboard lets it hear.
    pub fn is_heard_over_sockets(&self, endpoint: &Endpoint, integration: Id) -> bool {
        let membership = self.board().and_then(|board| Membership::of(board, endpoint.integration.0));
        let Some(exchange) = &self.exchange else { return false };
        endpoint.target.is_none()
            && endpoint.role != Role::Listener
            && (audience(&self.occasion, membership) || self.is_by(integration))
            && self.is_heard_by(exchange, integration, endpoint)
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

    /// Whether the switchboard lets a subscription hear it and, if it is an endpoint's, the endpoint hears
    /// such a thing. An endpoint hears its own echo wherever control is.
    fn is_told(&self, subscription: &Subscription) -> bool {
        let is_let = audience(&self.occasion, self.membership(subscription));
        // A webhook that was made beside an endpoint hears what every webhook does.
        let exchange = self.exchange.as_ref().filter(|_| subscription.form != LISTED_FORM);
        let Some(exchange) = exchange else { return is_let };
        let own = |(_, endpoint): &(&Id, &Endpoint)| endpoint.integration == subscription.integration;
        match exchange.endpoints.iter().find(own) {
            Some((id, endpoint)) => (is_let || self.is_by(*id)) && self.is_heard_by(exchange, *id, endpoint),
            None => is_let,
        }
    }

    /// Whether the business said or did it through this integration.
    fn is_by(&self, integration: Id) -> bool {
        let sender = match &self.message {
            Some(view) if self.kind == EventType::ConversationMessage => view.message.extra.sender,
            _ => self.detail.sender,
        };
        sender == Some(integration)
    }

    /// Whether an endpoint, as the other side of an integration, is told such a thing.
    fn is_heard_by(&self, exchange: &Exchange, integration: Id, endpoint: &Endpoint) -> bool {
        match (self.kind, &self.message, &self.detail.signal) {
            (EventType::ConversationMessage, Some(view), _) => exchange.hears(endpoint, &view.message),
            (EventType::ConversationPostback, ..) => {
                exchange.hears_from(endpoint, self.by_customer(exchange))
            }
            (EventType::ConversationRead | EventType::ConversationTyping, ..) => {
                endpoint.role != Role::Listener && exchange.hears_from(endpoint, self.by_customer(exchange))
            }
            (EventType::BusinessActivity, ..) => {
                let sender = exchange.by_business(self.detail.sender);
                endpoint.role != Role::Listener && exchange.hears_from(endpoint, sender)
            }
            (EventType::Signal, _, Some(signal)) => {
                exchange.hears_signal((integration, endpoint), signal.receiver, self.detail.sender)
            }
            _ => false,
        }
    }

    /// The customer who did what the event tells, on the integration through which they did it.
    pub fn by_customer(&self, exchange: &Exchange) -> Option<Writer> {
        let source = self.detail.source.as_ref().and_then(|source| source.integration_id);
        exchange.by_customer(source.or(self.detail.sender))
    }

    fn board(&self) -> Option<&Board> {
        self.known.board.as_ref()
    }

    fn membership(&self, subscription: &Subscription) -> Option<Membership> {
        Membership::of(self.board()?, subscription.integration.0)
    }
}
