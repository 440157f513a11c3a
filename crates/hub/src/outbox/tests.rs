//! What the outbox remembers of apps, and what it leaves out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use store::rows::{events, subscriptions};

use crate::test_support::House;
use crate::{AppPatch, Grant, SettingsPatch};

async fn pause(house: &House, grant: &Grant) {
    let settings = SettingsPatch { paused: Some(true), ..SettingsPatch::default() };
    let patch = AppPatch { settings, ..AppPatch::default() };
    house.hub.update_app(grant, patch).await.unwrap();
}

/// An app in which something was said; gives the number of the event.
async fn told(house: &House) -> (Grant, i64) {
    let grant = house.app().await;
    let ann = house.user(&grant, "ann").await;
    let talk = house.conversation(&grant, &[&ann]).await;
    house.say(&grant, talk, Some(&ann), "hello").await;
    let event = house.events().await.pop().unwrap().sequence;
    (grant, event)
}

#[tokio::test]
async fn an_app_that_was_read_before_a_change_is_not_remembered_as_it_is_after_it() {
    let house = House::open();
    let (grant, number) = told(&house).await;
    let outbox = house.hub.outbox();
    // A batch is read, and while its events are made ready the app is paused.
    let version = outbox.audience_version();
    let mut reader = house.hub.reader().await.unwrap();
    let event = events::by_sequence(&mut reader, number).await.unwrap().unwrap();
    pause(&house, &grant).await;
    let view = outbox.view(&mut reader, version, event).await.unwrap().unwrap();
    assert!(!view.is_paused(), "as it was when it was read");
    drop(reader);
    assert!(outbox.event(number).await.unwrap().unwrap().is_paused(), "and as it is now");
}

#[tokio::test]
async fn an_app_is_remembered_for_everybody_until_who_hears_of_it_changes() {
    let house = House::open();
    let (grant, number) = told(&house).await;
    let known = async || house.hub.outbox().event(number).await.unwrap().unwrap().known.clone();
    let first = known().await;
    assert!(Arc::ptr_eq(&first, &known().await), "by another handle, too");
    house.custom(&grant).await;
    assert!(!Arc::ptr_eq(&first, &known().await));
}

#[tokio::test]
async fn a_subscription_with_a_damaged_secret_is_left_out_and_the_others_hear() {
    let house = House::open();
    let grant = house.app().await;
    house.custom(&grant).await;
    house.custom(&grant).await;
    let outbox = house.hub.outbox();
    let [damaged, sound] = outbox.subscribers().await.unwrap().try_into().unwrap();
    let key = damaged.subscription.key;
    house
        .write(move |tx, _| {
            Box::pin(async move { Ok(subscriptions::set_secret(tx, key, b"no secret").await?) })
        })
        .await;
    let found = outbox.subscribers().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subscription.key, sound.subscription.key);
}
