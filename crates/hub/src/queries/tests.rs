//! The feed of events and the list of deliveries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use model::Millis;
use model::event::EventType;
use model::record::UserKey;
use store::rows::events::Event;

use super::deliveries::DeliveryState;
use super::events::EventsRequest;
use crate::outbox::{Failure, Lane, Parked};
use crate::test_support::House;
use crate::{Cursor, Grant, HubError, PageRequest};

const NOW: Duration = Duration::ZERO;
const FIRST: PageRequest = PageRequest { cursor: Cursor::Start, size: 25 };

fn behind(after: Option<model::Id>, limit: usize) -> EventsRequest {
    EventsRequest { after, limit, wait: NOW }
}

#[tokio::test]
async fn a_feed_shows_the_events_of_its_app_only() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let (ann, bob) = (house.user(&grant, "ann").await, house.user(&other, "bob").await);
    let talk = house.conversation(&grant, &[&ann]).await;
    let noise = house.conversation(&other, &[&bob]).await;
    for number in 0..3 {
        house.say(&grant, talk, Some(&ann), &number.to_string()).await;
        house.say(&other, noise, Some(&bob), "noise").await;
    }
    let mut kinds = Vec::new();
    let mut after = None;
    loop {
        let page = house.hub.list_events(&grant, behind(after, 2)).await.unwrap();
        assert!(page.events.len() <= 2);
        kinds.extend(page.events.iter().map(|event| event.kind));
        after = page.after;
        if !page.has_more {
            break;
        }
    }
    let message = EventType::ConversationMessage;
    assert_eq!(kinds, [EventType::ConversationCreate, message, message, message]);
    let end = house.hub.list_events(&grant, behind(after, 2)).await.unwrap();
    assert_eq!((end.events.len(), end.after, end.has_more), (0, after, false));
}

#[tokio::test]
async fn whoever_waits_gets_the_next_event_of_the_app() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let (ann, bob) = (house.user(&grant, "ann").await, house.user(&other, "bob").await);
    let talk = house.conversation(&grant, &[&ann]).await;
    let noise = house.conversation(&other, &[&bob]).await;
    let after = house.hub.list_events(&grant, behind(None, 100)).await.unwrap().after;
    let request = EventsRequest { after, limit: 10, wait: Duration::from_secs(600) };
    let waiting = {
        let (hub, grant) = (house.hub.clone(), grant.clone());
        tokio::spawn(async move { hub.list_events(&grant, request).await.unwrap() })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    house.say(&other, noise, Some(&bob), "noise").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished(), "another app's event is none of ours");
    house.say(&grant, talk, Some(&ann), "late").await;
    let page = tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap().unwrap();
    assert_eq!(page.events.len(), 1);

    let request = EventsRequest { after: page.after, limit: 10, wait: Duration::from_millis(100) };
    let begun = std::time::Instant::now();
    let page = house.hub.list_events(&grant, request).await.unwrap();
    assert!(page.events.is_empty() && begun.elapsed() >= Duration::from_millis(100));
}

/// An app with a webhook, and the newest event of a conversation in it.
async fn told(house: &House) -> (Grant, Event, model::record::SubscriptionKey) {
    let grant = house.app().await;
    house.custom(&grant).await;
    let ann = house.user(&grant, "ann").await;
    let talk = house.conversation(&grant, &[&ann]).await;
    house.say(&grant, talk, Some(&ann), "hi").await;
    let event = house.events_of(&[EventType::ConversationMessage]).await.pop().unwrap();
    let subscribers = house.hub.outbox().subscribers().await.unwrap();
    let mine = subscribers.iter().find(|found| found.subscription.app == grant.app.key).unwrap();
    (grant, event, mine.subscription.key)
}

#[tokio::test]
async fn what_failed_is_listed_and_sent_again() {
    let house = House::open();
    let (grant, event, subscription) = told(&house).await;
    let (outbox, app) = (house.hub.outbox(), grant.app.key);
    assert!(house.hub.list_deliveries(&grant, FIRST).await.unwrap().items.is_empty());

    let failure = Failure { status: Some(404), error: "gone".into() };
    outbox.bury(app, subscription, event.sequence, 5, failure).await.unwrap();
    let dead = house.hub.list_deliveries(&grant, FIRST).await.unwrap().items.pop().unwrap();
    assert!(matches!(dead.state, DeliveryState::Dead { .. }));
    assert_eq!((dead.attempts, dead.status, dead.error.as_deref()), (5, Some(404), Some("gone")));
    assert_eq!((dead.event_id, dead.kind), (event.id, EventType::ConversationMessage));
    assert_eq!(dead.target, "https://hooks.example.org/in");
    assert!(dead.conversation_id.is_some());

    let stranger = house.app().await;
    assert!(house.hub.list_deliveries(&stranger, FIRST).await.unwrap().items.is_empty());
    let refused = house.hub.replay_delivery(&stranger, dead.id).await;
    assert!(matches!(refused, Err(HubError::NotFound(_))));
    let replaying = house.hub.replay_delivery(&grant, dead.id).await.unwrap();
    assert!(matches!(replaying.state, DeliveryState::Replaying { .. }));
    assert_eq!(outbox.to_replay((Millis(0), 0), 10).await.unwrap().0.len(), 1);
    outbox.replayed(subscription, event.sequence).await.unwrap();
    assert!(matches!(house.hub.delivery(&grant, dead.id).await, Err(HubError::NotFound(_))));
}

#[tokio::test]
async fn what_waits_is_listed_among_what_is_dead_page_by_page() {
    let house = House::open();
    let (grant, event, subscription) = told(&house).await;
    let parked = |lane| Parked {
        subscription,
        lane,
        first: event.sequence,
        last: event.sequence,
        attempts: 1,
        next_at: event.at.plus(15_000),
        status: Some(503),
        error: Some("busy".into()),
        parked_at: event.at,
    };
    let outbox = house.hub.outbox();
    let own = Lane::Conversation(event.conversation);
    outbox.park(parked(own)).await.unwrap();
    let failure = Failure { status: None, error: "refused".into() };
    outbox.bury(grant.app.key, subscription, event.sequence, 5, failure).await.unwrap();
    for user in 1..=3 {
        outbox.park(parked(Lane::User(UserKey(user)))).await.unwrap();
    }
    let page = house.hub.list_deliveries(&grant, FIRST).await.unwrap();
    let waits = DeliveryState::Waiting { next_at: event.at.plus(15_000) };
    let are_dead: Vec<_> = page.items.iter().map(|found| found.state != waits).collect();
    assert_eq!(are_dead, [false, true, false, false, false], "in the order in which they failed");
    let ids: Vec<_> = page.items.iter().map(|found| found.id).collect();
    assert!(ids.is_sorted() && !ids.contains(&event.id));
    // One that is tried in vain once more stays what it is.
    outbox.park(Parked { attempts: 2, ..parked(own) }).await.unwrap();
    let mut walked = Vec::new();
    let mut cursor = Cursor::Start;
    loop {
        let page = house.hub.list_deliveries(&grant, PageRequest { cursor, size: 2 }).await.unwrap();
        assert!(page.items.len() <= 2);
        walked.extend(page.items.iter().map(|found| found.id));
        match page.items.last().filter(|_| page.has_next) {
            Some(last) => cursor = Cursor::After(last.id),
            None => break,
        }
    }
    assert_eq!(walked, ids);
    let before = PageRequest { cursor: Cursor::Before(ids[3]), size: 2 };
    let page = house.hub.list_deliveries(&grant, before).await.unwrap();
    assert_eq!(page.items.iter().map(|found| found.id).collect::<Vec<_>>(), ids[1..3]);
    outbox.unpark(subscription, own).await.unwrap();
    let left = house.hub.list_deliveries(&grant, FIRST).await.unwrap();
    assert_eq!(left.items.iter().map(|found| found.id).collect::<Vec<_>>(), ids[1..]);
}
