//! The events of an app, for those who fetch them instead of being called.

use std::sync::Arc;
use std::time::Duration;

use model::Id;
use model::record::AppKey;
use store::rows::events;

use crate::access::Grant;
use crate::error::Result;
use crate::hub::Hub;
use crate::outbox::{EventView, Look, Outbox};

/// Events of all apps that one look goes through at most: a page costs the same on a busy server.
const EVENTS_LOOKED_AT_MAX: usize = 5_000;

/// Which events are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventsRequest {
    /// Events behind this one; from the oldest that is kept on when there is none.
    pub after: Option<Id>,
    /// How many at most.
    pub limit: usize,
    /// How long to wait for one when there is none.
    pub wait: Duration,
}

/// Events of an app, oldest first.
pub struct EventPage {
    /// The events.
    pub events: Vec<Arc<EventView>>,
    /// Where the next page begins: the last event that was looked at, perhaps of another app.
    pub after: Option<Id>,
    /// Whether more may follow at once.
    pub has_more: bool,
}

impl Hub {
    /// Events of an app in commit order. Without any, waits for one as long as is asked for. A page ends in
    /// front of a message whose media are still being fetched, for up to 20 s, as webhooks and sockets wait.
    pub async fn list_events(&self, grant: &Grant, request: EventsRequest) -> Result<EventPage> {
        let (outbox, app) = (self.outbox(), grant.app.key);
        let mut newest = outbox.newest_event();
        let begin = match request.after {
            None => 0,
            Some(id) => events::last_up_to(&mut *self.reader().await?, id).await?,
        };
        let deadline = tokio::time::Instant::now() + request.wait;
        let mut from = begin;
        let (look, has_more) = loop {
            newest.borrow_and_update();
            let (look, has_more) = self.look(&outbox, app, from, request.limit).await?;
            if !look.events.is_empty() || has_more {
                break (look, has_more);
            }
            let next = async {
                match look.awaited.as_deref() {
                    Some(event) => outbox.wait_for_media_of(event).await.is_ok(),
                    None => newest.changed().await.is_ok(),
                }
            };
            if !matches!(tokio::time::timeout_at(deadline, next).await, Ok(true)) {
                break (look, has_more);
            }
            from = look.through;
        };
        let last = events::by_sequence(&mut *self.reader().await?, look.through).await?;
        let after = last.map(|event| event.id).or(request.after);
        Ok(EventPage { events: look.events, after, has_more })
    }

    /// Events behind a number, and whether more may follow at once.
    async fn look(&self, outbox: &Outbox, app: AppKey, from: i64, limit: usize) -> Result<(Look, bool)> {
        // Of the store: delivery learns of an event a moment after its caller.
        let newest = events::newest(&mut *self.reader().await?).await?;
        let look = outbox.of_app(app, from, limit, EVENTS_LOOKED_AT_MAX).await?;
        let has_more = look.awaited.is_none() && look.through < newest;
        Ok((look, has_more))
    }
}
