//! Deliveries that failed: those that were given up, and those that wait.

use model::event::EventType;
use model::record::SubscriptionKey;
use model::{Id, Millis};
use store::Read;
use store::rows::Seek;
use store::rows::deliveries::{self, Dead, Parked};

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::page::{Cursor, Page, PageRequest};

/// A delivery that failed, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryView {
    /// Public id; one that waits keeps it until all of its lane is delivered or given up.
    pub id: Id,
    /// What becomes of it.
    pub state: DeliveryState,
    /// Attempts it has had.
    pub attempts: i64,
    /// HTTP status of the last attempt, if there was an answer.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// Public id of the subscription.
    pub subscription_id: Id,
    /// Where its bodies are posted.
    pub target: String,
    /// The event's public id.
    pub event_id: Id,
    /// What happened.
    pub kind: EventType,
    /// When it happened.
    pub event_at: Millis,
    /// The conversation of the event.
    pub conversation_id: Option<Id>,
}

/// What becomes of a delivery that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is tried again by itself, with all that waits behind it.
    Waiting {
        /// When.
        next_at: Millis,
    },
    /// It was given up.
    Dead {
        /// When.
        died_at: Millis,
    },
    /// It was given up, and is to be sent again.
    Replaying {
        /// When it was given up.
        died_at: Millis,
        /// When it is sent again.
        replay_at: Millis,
    },
}

/// A delivery that failed, as it is stored.
enum Failed {
    Dead(Dead),
    Parked(Id, Parked),
}

impl Failed {
    fn id(&self) -> Id {
        match self {
            Failed::Dead(dead) => dead.id,
            Failed::Parked(id, _) => *id,
        }
    }
}

impl Hub {
    /// A page of the deliveries of an app that failed, those that were given up and the first ones of lanes
    /// that wait, in the order in which they were given up or began to wait.
    pub async fn list_deliveries(&self, grant: &Grant, request: PageRequest) -> Result<Page<DeliveryView>> {
        let mut reader = self.reader().await?;
        let app = grant.app.key;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let dead = deliveries::dead_of_app(&mut reader, app, seek, limit).await?;
        let parked = deliveries::parked_of_app(&mut reader, app, seek, limit).await?;
        let parked = parked.into_iter().map(|(id, parked)| Failed::Parked(id, parked));
        let mut found: Vec<Failed> = dead.into_iter().map(Failed::Dead).chain(parked).collect();
        found.sort_by_key(Failed::id);
        if matches!(request.cursor, Cursor::Before(_)) {
            found.reverse();
        }
        let Page { items, has_previous, has_next, backwards } = Page::cut(request, found);
        let mut views = Vec::with_capacity(items.len());
        for failed in items {
            // One whose subscription has just been removed has nothing left to show.
            views.extend(match failed {
                Failed::Dead(dead) => of_dead(&mut reader, dead).await?,
                Failed::Parked(id, parked) => of_parked(&mut reader, id, parked).await?,
            });
        }
        Ok(Page { items: views, has_previous, has_next, backwards })
    }

    /// One delivery that was given up.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, or one that was delivered after all.
    pub async fn delivery(&self, grant: &Grant, id: Id) -> Result<DeliveryView> {
        let mut reader = self.reader().await?;
        let found = deliveries::dead_by_id(&mut reader, grant.app.key, id).await?;
        of_dead(&mut reader, found.or_not_found(Thing::Delivery)?).await?.or_not_found(Thing::Delivery)
    }
}

pub(crate) async fn of_dead(read: &mut Read, dead: Dead) -> Result<Option<DeliveryView>> {
    let died_at = dead.died_at;
    let state = match dead.replay_at {
        Some(replay_at) => DeliveryState::Replaying { died_at, replay_at },
        None => DeliveryState::Dead { died_at },
    };
    let Some(view) = about(read, dead.subscription, dead.event, state).await? else { return Ok(None) };
    let Dead { id, attempts, status, error, .. } = dead;
    Ok(Some(DeliveryView { id, attempts, status, error, ..view }))
}

async fn of_parked(read: &mut Read, id: Id, parked: Parked) -> Result<Option<DeliveryView>> {
    let state = DeliveryState::Waiting { next_at: parked.next_at };
    let Some(view) = about(read, parked.subscription, parked.first, state).await? else { return Ok(None) };
    let Parked { attempts, status, error, .. } = parked;
    Ok(Some(DeliveryView { id, attempts, status, error, ..view }))
}

/// A delivery of which only subscription and event are known so far.
async fn about(
    read: &mut Read,
    subscription: SubscriptionKey,
    event: i64,
    state: DeliveryState,
) -> Result<Option<DeliveryView>> {
    let about = deliveries::about(read, subscription, event).await?;
    Ok(about.map(|about| DeliveryView {
        id: about.event_id,
        state,
        attempts: 0,
        status: None,
        error: None,
        subscription_id: about.subscription_id,
        target: about.target,
        event_id: about.event_id,
        kind: about.kind,
        event_at: about.event_at,
        conversation_id: about.conversation_id,
    }))
}
