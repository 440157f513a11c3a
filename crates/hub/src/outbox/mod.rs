//! The handle through which delivery reads the outbox: what happened, who may know, what became of
//! it. Delivery never sees the store.

mod feed;
mod ledger;
mod media;
mod notice;
mod sending;
mod settling;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;
use std::time::Duration;

use model::Id;
use model::audience::concerns_channels;
use model::event::EventType;
use model::record::{AppKey, EventForm, IntegrationKey, Subscription, UserKey};
use model::switchboard::Board;
pub use store::rows::deliveries::{Dead, Lane, Parked, ReplayPlace};
use store::{StoreError, note_damage};

pub(crate) use self::feed::Look;
pub use self::ledger::Failure;
pub use self::media::{FileEnd, MediumFile, OwnFile, WaitingMedium};
pub use self::notice::Notice;
pub use self::sending::{ActivityErrand, Errand, MessageErrand};
pub use self::settling::{SendOutcome, SendPlace};
pub use self::view::{ConversationBrief, EventView};
use crate::error::{HubError, Result};
use crate::exchange::Endpoints;
use crate::hub::Hub;
use crate::rules::webhooks::CHANNEL_FORM;

/// Delivery's way to the outbox. What it remembers of boards and apps is the hub's.
#[derive(Clone)]
pub struct Outbox {
    hub: Hub,
}

/// An app as events show it: what seldom changes and every event needs.
pub(crate) struct HeardApp {
    id: Id,
    board: Option<Board>,
    /// Integrations whose events wait, and to which nothing goes.
    paused: Vec<(IntegrationKey, Id)>,
    /// Whether all of them do.
    all_paused: bool,
    account_id: Id,
    endpoints: Arc<Endpoints>,
    /// Whether its settings name addresses that are told something.
    tells_settings: bool,
}

/// Whom events go to, with the open secret.
#[derive(Clone)]
pub struct Subscriber {
    /// The subscription.
    pub subscription: Subscription,
    /// Its secret.
    pub secret: String,
    /// Whether its integration, or the whole app, is paused: everything for it waits (decision 33).
    pub paused: bool,
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscriber").field("id", &self.subscription.id).finish_non_exhaustive()
    }
}

/// How often and how patiently the webhooks of a form are called. Delivery lengthens the pauses by chance,
/// and as a receiver asks it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Pauses before the second and the later attempts, milliseconds.
    pub pauses_ms: &'static [u64],
    /// Statuses of answers that no later attempt would change.
    pub final_statuses: &'static [u16],
    /// How long one attempt may take.
    pub timeout: Duration,
}

impl Retries {
    /// Five attempts at 0, 15, 75, 315 and 915 s, 20 s each; 400, 401, 403, 404 and 406 are final
    /// (decision 29).
    pub const STANDARD: Retries = Retries {
        pauses_ms: &[15_000, 60_000, 240_000, 600_000],
        final_statuses: &[400, 401, 403, 404, 406],
        timeout: Duration::from_secs(20),
    };
}

/// Writes an event in the form of one dialect. Each dialect has one; the server hands them to
/// delivery.
pub trait EventRenderer: Send + Sync + 'static {
    /// The form that subscriptions name.
    fn form(&self) -> EventForm;

    /// How often and how patiently requests of this form are made.
    fn retries(&self) -> Retries;

    /// What the request says about itself besides: names and values of headers. `None` leaves it to
    /// delivery, which signs as Standard Webhooks do.
    fn headers(
        &self,
        event: &EventView,
        subscriber: &Subscriber,
        body: &[u8],
    ) -> Option<Vec<(&'static str, String)>> {
        let _ = (event, subscriber, body);
        None
    }

    /// The body for this subscriber.
    fn render(&self, event: &EventView, subscriber: &Subscriber) -> Vec<u8>;
}

/// Writes an event in the form of one dialect for the sockets that listen to an integration. The server
/// hands them to realtime.
pub trait SocketRenderer: Send + Sync + 'static {
    /// The form that sockets name.
    fn form(&self) -> EventForm;

    /// The kinds of events that it can write, as bits.
    fn kinds(&self) -> i64;

    /// What goes over the wire to each socket of this integration; `None` for what it is not told.
    fn record(&self, event: &EventView, integration: Id) -> Option<String>;
}

/// What was read of a row with this number; `None` when it, or something that belongs to it, is damaged. This
/// is logged and counted: it stops nobody else.
fn readable<T>(kind: &'static str, row: i64, read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(HubError::Internal(StoreError::Damaged(why))) => {
            note_damage(kind, row, &why);
            Ok(None)
        }
        read => read.map(Some),
    }
}

impl Subscriber {
    /// Whether this is an integration's channel and no webhook.
    pub fn is_channel(&self) -> bool {
        self.subscription.form == CHANNEL_FORM
    }

    /// Whether an event of this type, about this user (0 for none), can be for the subscriber: what is
    /// known before anything of the event is read. [`EventView::is_for`] has the last word.
    pub fn may_want(&self, app: AppKey, kind: EventType, user: UserKey) -> bool {
        app == self.subscription.app
            && self.subscription.triggers & kind.bit() != 0
            && (!self.is_channel() || concerns_channels(kind, user))
    }
}

impl Hub {
    /// The outbox.
    pub fn outbox(&self) -> Outbox {
        Outbox { hub: self.clone() }
    }
}
