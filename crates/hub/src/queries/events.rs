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

/// Events of all apps that one look goes through at most, so that it does not hold its reader for long.
const EVENTS_LOOKED_AT_MAX: usize = 20_000;
/// Looks of one call that find nothing, at most: a call costs the same on a busy server.
const EMPTY_LOOKS_MAX: usize = 10;

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
    /// Events of an app in commit order. Without any, waits for one as long as is asked for, but not longer
    /// than the server serves. A page ends in front of a message whose media are still being fetched, for up
    /// to 20 s, as webhooks and sockets wait.
    pub async fn list_events(&self, grant: &Grant, request: EventsRequest) -> Result<EventPage> {
        let (outbox, app) = (self.outbox(), grant.app.key);
        let mut watch = self.store().watch_events(app);
        let deadline = tokio::time::Instant::now() + request.wait;
        let ended = self.waits().ended();
        let mut ended = std::pin::pin!(ended);
        // Nothing can have happened in an app before it was made.
        let mut from =
            events::last_up_to(&mut *self.reader().await?, request.after.unwrap_or(grant.app.id)).await?;
        let mut looks_left = EMPTY_LOOKS_MAX;
        let (look, has_more) = loop {
            watch.take_news();
            let (mut look, has_more) = self.look(&outbox, app, from, request.limit).await?;
            from = look.through;
            looks_left -= 1;
            if !look.events.is_empty() || (has_more && looks_left == 0) {
                break (look, has_more);
            }
            if has_more {
                continue;
            }
            looks_left = EMPTY_LOOKS_MAX;
            let next = async {
                match look.awaited.as_deref() {
                    Some(event) => outbox.wait_for_media_of(event).await.is_ok(),
                    None => {
                        watch.news().await;
                        true
                    }
                }
            };
            let is_news = tokio::select! {
                biased;
                () = ended.as_mut() => false,
                () = tokio::time::sleep_until(deadline) => false,
                is_news = next => is_news,
            };
            if !is_news {
                let newest = *outbox.newest_event().borrow();
                if look.awaited.is_none() && !watch.take_news() {
                    // All that has happened meanwhile is of other apps.
                    look.through = look.through.max(newest);
                }
                break (look, false);
            }
        };
        let after = events::id_up_to(&mut *self.reader().await?, look.through).await?.or(request.after);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_support::House;

    fn wanted(after: Option<Id>, seconds: u64) -> EventsRequest {
        EventsRequest { after, limit: 100, wait: Duration::from_secs(seconds) }
    }

    #[tokio::test]
    async fn whoever_waits_when_the_server_stops_gets_an_empty_page_that_leads_on() {
        let house = House::open();
        let (grant, neighbour) = (house.app().await, house.app().await);
        house.conversation(&grant, &[]).await;
        let read = house.hub.list_events(&grant, wanted(None, 0)).await.unwrap();
        let (hub, of_app) = (house.hub.clone(), grant.clone());
        let waiting =
            tokio::spawn(async move { hub.list_events(&of_app, wanted(read.after, 600)).await.unwrap() });
        for _ in 0..2 {
            house.conversation(&neighbour, &[]).await;
        }
        let newest = house.events().await.last().unwrap().clone();
        let mut published = house.hub.outbox().newest_event();
        published.wait_for(|published| *published >= newest.sequence).await.unwrap();
        house.hub.end_waits();
        let page = waiting.await.unwrap();
        assert!(page.events.is_empty() && !page.has_more);
        assert_eq!(page.after, Some(newest.id), "what others did is not looked through again");
        house.conversation(&grant, &[]).await;
        let page = house.hub.list_events(&grant, wanted(page.after, 600)).await.unwrap();
        assert!(!page.events.is_empty(), "what is there is given all the same");
    }

    #[tokio::test]
    async fn a_look_passes_events_of_others_and_what_retention_has_left() {
        let house = House::open();
        let (grant, neighbour) = (house.app().await, house.app().await);
        house.conversation(&grant, &[]).await;
        let own = house.events().await.last().unwrap().sequence;
        for _ in 0..10 {
            house.conversation(&neighbour, &[]).await;
        }
        house.conversation(&grant, &[]).await;
        let last = house.events().await.last().unwrap().sequence;
        let (outbox, app) = (house.hub.outbox(), grant.app.key);
        let mut from = own;
        let mut looks = 0;
        while from < last {
            let look = outbox.of_app(app, from, 100, 4).await.unwrap();
            assert!(look.through > from && look.through <= from + 4);
            assert_eq!(look.events.is_empty(), look.through < last);
            from = look.through;
            looks += 1;
        }
        assert!(looks > 2);

        house.clock.advance(house.hub.settings().event_retention_ms + 1);
        house.conversation(&grant, &[]).await;
        house.hub.sweep().await.unwrap();
        let look = outbox.of_app(app, own, 100, 4).await.unwrap();
        assert!(!look.events.is_empty() && look.through > last, "the gap is no part of the look");
    }

    #[tokio::test]
    async fn a_key_has_so_many_waiting_calls_and_no_more() {
        let house = House::open();
        house.hub.limit_waiting_calls(2);
        let grant = house.app().await;
        let (one, two) = (house.hub.waiting_call(&grant), house.hub.waiting_call(&grant));
        assert!(one.is_some() && two.is_some() && house.hub.waiting_call(&grant).is_none());
        drop(one);
        assert!(house.hub.waiting_call(&grant).is_some());
    }
}
