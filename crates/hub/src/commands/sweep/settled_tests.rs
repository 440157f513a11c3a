//! What was written while the clock was ahead keeps nothing for longer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Clock;
use model::limits::{ATTEMPT_PAUSE_MAX_MS, EXTERNAL_MESSAGE_LIFE_MS};
use model::record::{SubscriptionKey, UserKey};
use model::time::DAY_MS;
use store::rows::deliveries::{Lane, Parked};

use super::*;
use crate::commands::sweep::tests::{change, count};
use crate::test_support::House;

const YEAR_MS: i64 = 365 * DAY_MS;

#[tokio::test]
async fn an_event_of_the_future_goes_with_those_behind_it() {
    let house = House::open();
    let grant = house.app().await;
    house.conversation(&grant, &[]).await;
    house.clock.advance(YEAR_MS);
    house.conversation(&grant, &[]).await;
    house.clock.advance(-YEAR_MS);
    house.conversation(&grant, &[]).await;
    house.clock.advance(8 * DAY_MS);
    house.clock.advance(YEAR_MS);
    house.conversation(&grant, &[]).await;
    house.clock.advance(-YEAR_MS);
    let told = house.events().await;
    house.conversation(&grant, &[]).await;
    let young = house.events().await.len() - told.len();
    house.hub.sweep().await.unwrap();
    let left = house.events().await;
    assert!(left[0].at > house.clock.now(), "nothing old stands behind it: {left:?}");
    assert_eq!(left.iter().filter(|event| event.at <= house.clock.now()).count(), young);
    house.clock.advance(8 * DAY_MS);
    house.conversation(&grant, &[]).await;
    house.hub.sweep().await.unwrap();
    assert!(house.events().await.iter().all(|event| event.at == house.clock.now()));
}

#[tokio::test]
async fn rows_of_the_future_are_of_now_and_in_front_of_nothing_for_ever() {
    let house = House::open();
    let now = house.clock.now().0;
    // More than a slice of the future, and one of now behind them.
    for (table, columns, values) in [
        ("inbound_seen", "integration, serial, key, seen_at", "1, n, x'00'"),
        ("external_messages", "integration, external_id, message, client, state, at", "1, n, 1, 1, 1"),
        ("choices", "client, choices, event, offered_at", "1, '[]', n"),
    ] {
        let rows = format!(
            "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 601) \
             INSERT INTO {table} ({columns}) SELECT {values}, {now} + {YEAR_MS} * (n < 601) FROM many"
        );
        assert_eq!(change(&house, &rows), 601);
    }
    let left = async || {
        house.hub.sweep().await.unwrap();
        ["inbound_seen", "external_messages", "choices"].map(|table| count(&house, table, "1 = 1"))
    };
    assert_eq!(left().await, [601; 3]);
    house.clock.advance(EXTERNAL_MESSAGE_LIFE_MS + DAY_MS);
    assert_eq!(left().await, [100; 3], "the rest of the future is of now since now");
    house.clock.advance(EXTERNAL_MESSAGE_LIFE_MS + DAY_MS);
    assert_eq!(left().await, [0; 3]);
}

#[tokio::test]
async fn nothing_waits_longer_than_a_pause_can_be() {
    let house = House::open();
    let now = house.clock.now();
    let far = now.plus(YEAR_MS);
    let withdrawal = "INSERT INTO withdrawals (integration, app, kind, config, attempts, next_at, created_at) \
                      VALUES (x'00', 1, 'telegram', '{}', 1";
    change(&house, &format!("{withdrawal}, {}, 0)", far.0));
    let download = "INSERT INTO downloads (integration, message, attachment, token, medium, attempts, next_at, \
                    created_at) VALUES (1, 1, 1, 't', '{}', 1";
    change(&house, &format!("{download}, {}, 0)", far.0));
    house.hub.sweep().await.unwrap();
    let latest = now.plus(ATTEMPT_PAUSE_MAX_MS);
    for table in ["withdrawals", "downloads"] {
        assert_eq!(count(&house, table, &format!("next_at = {}", latest.0)), 1);
    }

    let grant = house.app().await;
    let webhook = house.custom(&grant).await.webhook.unwrap().subscription.key;
    let lane = |user| Lane::User(UserKey(user));
    let parked = |user, next_at| park(webhook, lane(user), next_at);
    let outbox = house.hub.outbox();
    outbox.park(parked(1, now.plus(1))).await.unwrap();
    outbox.park(parked(2, far)).await.unwrap();
    let waits: Vec<_> = outbox.parked().await.unwrap().iter().map(|parked| parked.next_at).collect();
    assert_eq!(waits, [now.plus(1), latest]);
}

fn park(subscription: SubscriptionKey, lane: Lane, next_at: Millis) -> Parked {
    let (attempts, parked_at) = (1, Millis(0));
    Parked { subscription, lane, first: 1, last: 1, attempts, next_at, status: None, error: None, parked_at }
}
