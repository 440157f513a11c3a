//! What is damaged, or cannot be removed, is in nobody's way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::limits::LINK_LIFE_MS;
use model::record::Confirmation;
use model::time::DAY_MS;
use model::{Id, Millis};
use store::rows::sends::{self, Progress};

use super::tests::{change, count};
use crate::outbox::{Failure, Lane, Parked};
use crate::test_support::House;
use crate::{Cursor, DeliveryState, Grant, LinkDraft, PageRequest, UserRef};

async fn state(house: &House, grant: &Grant, conversation: Id) -> (bool, i64) {
    let state = house.hub.conversation(grant, conversation).await.unwrap().conversation.state;
    (state.closed_at.is_some(), state.count)
}

#[tokio::test]
async fn a_damaged_app_or_conversation_keeps_no_other_from_its_end() {
    let house = House::open();
    let (broken, grant) = (house.app().await, house.app().await);
    let mut said = Vec::new();
    for _ in 0..3 {
        let conversation = house.conversation(&grant, &[]).await;
        house.say(&grant, conversation, None, "old").await;
        said.push(conversation);
    }
    let keeps = r#"{"autoCloseDays":7,"conversationRetentionSeconds":60}"#;
    change(&house, &format!("UPDATE apps SET settings = '{keeps}'"));
    let damaged = format!("UPDATE apps SET settings = 'no JSON' || settings WHERE k = {}", broken.app.key.0);
    assert_eq!(change(&house, &damaged), 1);
    let of_first = format!("WHERE lower(hex(id)) = '{}'", said[0]);
    assert_eq!(change(&house, &format!("UPDATE conversations SET metadata = 'no JSON' {of_first}")), 1);
    house.clock.advance(8 * DAY_MS);
    house.hub.sweep().await.unwrap();
    for conversation in &said[1..] {
        assert_eq!(state(&house, &grant, *conversation).await, (true, 0));
    }
    change(&house, &format!("UPDATE conversations SET metadata = NULL {of_first}"));
    assert_eq!(state(&house, &grant, said[0]).await, (false, 1), "it is as it was");
    house.hub.sweep().await.unwrap();
    assert_eq!(state(&house, &grant, said[0]).await, (true, 0), "it is tried again");
}

#[tokio::test]
async fn a_damaged_conversation_that_nothing_tells_of_keeps_no_other() {
    let house = House::open();
    let grant = house.app().await;
    let mut gone = Vec::new();
    for _ in 0..3 {
        let conversation = house.conversation(&grant, &[]).await;
        house.hub.delete_conversation(&grant, conversation).await.unwrap();
        gone.push(conversation);
    }
    house.hub.sweep().await.unwrap();
    let of_first = format!("lower(hex(id)) = '{}'", gone[0]);
    assert_eq!(change(&house, &format!("UPDATE conversations SET metadata = 'no JSON' WHERE {of_first}")), 1);
    house.clock.advance(8 * DAY_MS);
    // The newest event stays.
    house.conversation(&grant, &[]).await;
    house.hub.sweep().await.unwrap();
    assert_eq!(count(&house, "conversations", "deleted_at IS NOT NULL"), 1);
    assert_eq!(count(&house, "conversations", &of_first), 1);
}

#[tokio::test]
async fn a_damaged_link_keeps_no_other_from_its_end() {
    let house = House::open();
    let grant = house.app().await;
    let integration = house.integration(&grant, "whatsapp").await;
    let link = async |name: &str| {
        let user = house.user(&grant, name).await;
        let draft = LinkDraft {
            kind: integration.kind.clone(),
            integration_id: integration.id,
            address: "+15145551234".into(),
            subject: None,
            confirmation: Confirmation::UserActivity,
            message: None,
            primary: true,
            conversation_id: house.conversation(&grant, &[&user]).await,
        };
        house.hub.create_client(&grant, UserRef::new(user.id.to_string()), draft).await.unwrap().key
    };
    let (first, _second) = (link("ann").await, link("bob").await);
    change(&house, &format!("UPDATE clients SET info = 'no JSON' WHERE k = {}", first.0));
    house.clock.advance(LINK_LIFE_MS);
    house.hub.sweep().await.unwrap();
    let left = || count(&house, "clients", "link IS NOT NULL");
    assert_eq!((left(), count(&house, "clients", &format!("k = {}", first.0))), (1, 1));
    change(&house, "UPDATE clients SET info = NULL");
    house.hub.sweep().await.unwrap();
    assert_eq!(left(), 0);
}

#[tokio::test]
async fn a_damaged_root_or_withdrawal_keeps_no_other() {
    let house = House::open();
    let grant = house.app().await;
    for (kind, target) in [(99, 1), (12, 1)] {
        let columns = "(kind, target, app, detail, created_at)";
        change(&house, &format!("INSERT INTO sweeps {columns} VALUES ({kind}, {target}, 1, 'no JSON', 0)"));
    }
    for config in ["no JSON", "{}"] {
        let columns = "(integration, app, kind, config, attempts, next_at, created_at)";
        let id = "00".repeat(12);
        change(
            &house,
            &format!(
                "INSERT INTO withdrawals {columns} VALUES (x'{id}', 1, 'telegram', '{config}', 1, 0, 0)"
            ),
        );
    }
    let user = house.user(&grant, "ann").await;
    house.hub.delete_user(&grant, UserRef::new(user.id.to_string())).await.unwrap();
    assert!(house.hub.sweep().await.is_err());
    assert_eq!(count(&house, "withdrawals", "1 = 1"), 0);
    assert_eq!(count(&house, "users", "1 = 1"), 0);
    assert_eq!(count(&house, "sweeps", "1 = 1"), 2, "the damaged ones");
}

#[tokio::test]
async fn a_file_that_cannot_be_removed_keeps_no_other() {
    let house = House::open();
    let grant = house.app().await;
    let conversation = house.conversation(&grant, &[]).await;
    let mut paths = Vec::new();
    for _ in 0..3 {
        let (picture, content) = house.picture(&grant).await;
        house.post(&grant, conversation, None, content).await;
        let folder = house.data_dir.path().join("attachments").join(&picture.token[..2]);
        paths.push(folder.join(&picture.token));
    }
    std::fs::remove_file(&paths[0]).unwrap();
    std::fs::create_dir_all(paths[0].join("in the way")).unwrap();
    house.hub.delete_all_messages(&grant, conversation).await.unwrap();
    house.hub.sweep().await.unwrap();
    assert_eq!(paths.iter().filter(|path| path.exists()).count(), 1);
    assert_eq!(count(&house, "attachments", "1 = 1"), 1, "it is tried again");
    std::fs::remove_dir_all(&paths[0]).unwrap();
    house.hub.sweep().await.unwrap();
    assert_eq!(count(&house, "attachments", "1 = 1"), 0);
}

#[tokio::test]
async fn sendings_that_ended_in_the_middle_are_forgotten_once_nobody_goes_on() {
    let house = House::open();
    let grant = house.app().await;
    let webhook = house.custom(&grant).await.webhook.unwrap().subscription.key;
    for _ in 0..4 {
        house.conversation(&grant, &[]).await;
    }
    let told = house.events().await;
    let numbers: Vec<i64> = told.iter().map(|event| event.sequence).collect();
    let [waits, dead, ended, open] = numbers[..] else { panic!("{told:?}") };
    house
        .write(move |tx, _| {
            Box::pin(async move {
                let half = Progress { accepted: 1, ..Progress::default() };
                for event in [waits, dead, ended, open] {
                    sends::save(tx, webhook, event, &half).await?;
                }
                Ok(())
            })
        })
        .await;
    let outbox = house.hub.outbox();
    let parked = Parked {
        subscription: webhook,
        lane: Lane::Conversation(told[0].conversation),
        first: waits,
        last: waits,
        attempts: 1,
        next_at: house.hub.now(),
        status: None,
        error: None,
        parked_at: house.hub.now(),
    };
    let lane = parked.lane;
    outbox.park(parked).await.unwrap();
    outbox.bury(grant.app.key, webhook, dead, 1, Failure::default()).await.unwrap();
    outbox.settle(vec![(webhook, ended)]).await.unwrap();
    let left = async || {
        house.hub.sweep().await.unwrap();
        numbers.iter().filter(|event| count(&house, "sends", &format!("event = {event}")) == 1).count()
    };
    assert_eq!(left().await, 3);
    assert_eq!(count(&house, "sends", &format!("event = {ended}")), 0);
    outbox.unpark(webhook, lane).await.unwrap();
    outbox.replayed(webhook, dead).await.unwrap();
    outbox.settle(vec![(webhook, open)]).await.unwrap();
    assert_eq!(left().await, 0);
}

#[tokio::test]
async fn a_damaged_lane_or_dead_delivery_hides_no_other() {
    let house = House::open();
    let grant = house.app().await;
    let webhook = house.custom(&grant).await.webhook.unwrap().subscription.key;
    for _ in 0..2 {
        house.conversation(&grant, &[]).await;
    }
    let outbox = house.hub.outbox();
    let told: Vec<_> = house.events().await.into_iter().rev().take(2).collect();
    for event in &told {
        let parked = Parked {
            subscription: webhook,
            lane: Lane::Conversation(event.conversation),
            first: event.sequence,
            last: event.sequence,
            attempts: 1,
            next_at: house.hub.now(),
            status: None,
            error: None,
            parked_at: house.hub.now(),
        };
        outbox.park(parked).await.unwrap();
        outbox.bury(grant.app.key, webhook, event.sequence, 1, Failure::default()).await.unwrap();
    }
    let page = PageRequest { cursor: Cursor::Start, size: 10 };
    let listed = async || house.hub.list_deliveries(&grant, page).await.unwrap().items;
    for delivery in listed().await {
        let replayed = house.hub.replay_delivery(&grant, delivery.id).await;
        assert_eq!(replayed.is_ok(), matches!(delivery.state, DeliveryState::Dead { .. }));
    }
    let asked = async || outbox.to_replay((Millis(0), 0), 10).await.unwrap().0.len();
    assert_eq!((outbox.parked().await.unwrap().len(), listed().await.len(), asked().await), (2, 4, 2));
    let first = told[0].sequence;
    assert_eq!(change(&house, &format!("UPDATE parked SET attempts = 'x' WHERE first_event = {first}")), 1);
    assert_eq!(
        change(&house, &format!("UPDATE dead_deliveries SET attempts = 'x' WHERE event = {first}")),
        1
    );
    assert_eq!((outbox.parked().await.unwrap().len(), listed().await.len(), asked().await), (1, 2, 1));
}
