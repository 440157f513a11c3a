#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::event::EventType;
use model::record::{ClientKey, ConversationKey, MessageKey, SubscriptionKey, User};
use model::time::DAY_MS;

use super::*;
use crate::commands::sweep::tests::{change, count};
use crate::test_support::{House, webhook};
use crate::{Grant, UserRef};
use store::rows::deliveries::{Lane, Parked};

/// A user with snapshots in events, one who stays, and a webhook that hears of ends.
struct Street {
    house: House,
    grant: Grant,
    hears: SubscriptionKey,
    ann: User,
    bob: User,
}

impl Street {
    async fn open(snapshots: usize) -> Street {
        let house = House::open();
        let grant = house.app().await;
        let custom = house.custom(&grant).await.integration.id;
        let mut hearing = webhook("https://hooks.example.org/in");
        hearing.triggers = vec![EventType::UserRemove, EventType::ClientRemove];
        let hears = house.hub.create_webhook(&grant, custom, hearing).await.unwrap().subscription.key;
        let (ann, bob) = (house.user(&grant, "ann").await, house.user(&grant, "bob").await);
        for user in [&ann, &bob] {
            tell(&house, user, EventType::UserUpdate, snapshots).await;
        }
        Street { house, grant, hears, ann, bob }
    }

    async fn ann_goes(&self) {
        self.house.hub.delete_user(&self.grant, UserRef::new(self.ann.id.to_string())).await.unwrap();
        self.house.hub.sweep().await.unwrap();
    }

    /// Kinds of the events that still know Ann's name.
    async fn knowing(&self) -> Vec<&'static str> {
        let events = self.house.events().await;
        let knows = |event: &&Event| {
            let text = serde_json::to_string(&event.detail).unwrap();
            text.contains("ANN") || text.contains("\"ann\"")
        };
        events.iter().filter(knows).map(|event| event.kind.name()).collect()
    }

    async fn waiting(&self) -> usize {
        let reader = &mut self.house.hub.reader().await.unwrap();
        sweeps::departed(reader, 0, 10).await.unwrap().len()
    }

    async fn newest(&self) -> i64 {
        self.house.events().await.last().unwrap().sequence
    }
}

/// Events about a user that keep what was known of it.
async fn tell(house: &House, user: &User, kind: EventType, count: usize) {
    let user = user.clone();
    house
        .write(move |tx, ctx| {
            let user = user.clone();
            Box::pin(async move {
                for _ in 0..count {
                    let detail = EventDetail { user: Some(Box::new(user.clone())), ..EventDetail::default() };
                    let event = Event {
                        sequence: 0,
                        id: ctx.id(),
                        at: ctx.now,
                        app: user.app,
                        kind,
                        conversation: ConversationKey(0),
                        user: user.key,
                        message: MessageKey(0),
                        client: ClientKey(0),
                        control: Default::default(),
                        previous: 0,
                        detail: Some(detail),
                        integration: Default::default(),
                    };
                    events::insert(tx, &event).await?;
                }
                Ok(())
            })
        })
        .await;
}

#[tokio::test]
async fn the_end_is_told_with_the_last_state_and_forgotten_once_it_is_told() {
    // More than a slice.
    let street = Street::open(600).await;
    street.ann_goes().await;
    assert_eq!(street.knowing().await, ["user:remove"], "what nobody waits for is forgotten at once");
    assert_eq!(street.waiting().await, 1);
    street.house.hub.sweep().await.unwrap();
    assert_eq!(street.knowing().await, ["user:remove"]);

    let told = street.newest().await;
    street.house.hub.outbox().settle(vec![(street.hears, told)]).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    assert!(street.knowing().await.is_empty());
    assert_eq!(street.waiting().await, 0);
    let ids: Vec<Id> = street
        .house
        .events()
        .await
        .into_iter()
        .rev()
        .take(1)
        .map(|event| event.detail.unwrap().user.unwrap().id)
        .collect();
    assert_eq!(ids, [street.ann.id], "the id stays");
    let kept = street.house.events().await.into_iter().filter(|event| {
        let user = event.detail.as_ref().and_then(|detail| detail.user.as_ref());
        user.is_some_and(|user| user.profile == street.bob.profile)
    });
    assert_eq!(kept.count(), 600, "others stay as they were");
}

#[tokio::test]
async fn a_lane_that_waits_keeps_the_last_state_but_not_for_ever() {
    let street = Street::open(1).await;
    street.ann_goes().await;
    let (told, now) = (street.newest().await, street.house.hub.now());
    let outbox = street.house.hub.outbox();
    outbox.settle(vec![(street.hears, told)]).await.unwrap();
    let parked = Parked {
        subscription: street.hears,
        lane: Lane::User(street.ann.key),
        first: told,
        last: told,
        attempts: 1,
        next_at: now,
        status: None,
        error: None,
        parked_at: now,
    };
    outbox.park(parked).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    assert_eq!(street.knowing().await, ["user:remove"]);
    street.house.clock.advance(8 * DAY_MS);
    street.house.hub.sweep().await.unwrap();
    assert!(street.knowing().await.is_empty(), "events are not kept for so long");
    assert_eq!(street.waiting().await, 0);
}

#[tokio::test]
async fn users_that_were_merged_into_a_deleted_one_are_forgotten_with_it() {
    let street = Street::open(1).await;
    let (grant, ann, bob) = (&street.grant, street.ann.clone(), street.bob.clone());
    street
        .house
        .write(move |tx, ctx| {
            let (ann, bob) = (ann.clone(), bob.clone());
            Box::pin(async move {
                crate::rules::merge::merge(
                    tx,
                    ctx,
                    ann.app,
                    bob,
                    ann.clone(),
                    model::event::UserMergeReason::ByCaller,
                    None,
                )
                .await
            })
        })
        .await;
    assert_eq!(street.knowing().await, ["user:update", "user:merge"]);
    street.house.hub.delete_user(grant, UserRef::new(street.bob.id.to_string())).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    let told = street.newest().await;
    street.house.hub.outbox().settle(vec![(street.hears, told)]).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    assert!(street.knowing().await.is_empty());
    let text = format!("{:?}", street.house.events().await);
    assert!(!text.contains("BOB") && !text.contains("\"bob\""), "{text}");
}

#[tokio::test]
async fn a_damaged_event_keeps_no_other_from_forgetting_who_is_gone() {
    let street = Street::open(2).await;
    let knowing = || count(&street.house, "events", "detail LIKE '%ANN%'");
    assert_eq!(knowing(), 2);
    let first = "k = (SELECT min(k) FROM events WHERE detail LIKE '%ANN%')";
    change(&street.house, &format!("UPDATE events SET detail = 'no JSON' || detail WHERE {first}"));
    street.ann_goes().await;
    let hears = (street.hears, i64::MAX);
    street.house.hub.outbox().settle(vec![hears]).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    assert_eq!(knowing(), 1, "the damaged one, until events are forgotten");
    assert_eq!(street.waiting().await, 0);
    street.house.hub.delete_app(&street.grant).await.unwrap();
    street.house.hub.sweep().await.unwrap();
    assert_eq!(knowing(), 0, "of an app that is gone nobody is known");
}
