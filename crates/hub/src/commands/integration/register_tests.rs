//! Providers hear where we are, and what several integrations share there stays theirs.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::Ordering;

use model::record::IntegrationStatus;

use super::provider_tests::{Notebook, object, telegram};
use super::*;
use crate::IntegrationView;
use crate::Sign;
use crate::test_support::House;

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn providers_are_told_a_new_address_until_they_know_it() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap().integration;
    house.custom(&grant).await;
    provider.told();
    assert_eq!(house.hub.register_anew().await.unwrap(), 0);
    assert_eq!(provider.told(), NOTHING, "nothing has changed");

    house.clock.advance(5);
    provider.has_moved.store(true, Ordering::Release);
    provider.is_down.store(true, Ordering::Release);
    assert_eq!(house.hub.register_anew().await.unwrap(), 1);
    let shown = house.hub.integration(&grant, made.id).await.unwrap().integration;
    let reason = shown.health_reason.unwrap();
    assert_eq!(reason, "the provider does not know our address: no such token");
    assert_eq!(shown.status, IntegrationStatus::Active, "it can go on writing");

    provider.is_down.store(false, Ordering::Release);
    provider.told();
    assert_eq!(house.hub.register_anew().await.unwrap(), 0);
    assert_eq!(provider.told(), ["set up one"]);
    let shown = house.hub.integration(&grant, made.id).await.unwrap().integration;
    assert_eq!((shown.health_reason, shown.last_good_at), (None, Some(house.hub.now())));
    assert_eq!(house.hub.register_anew().await.unwrap(), 0);
    assert_eq!(provider.told(), NOTHING);
}

#[tokio::test]
async fn an_integration_that_cannot_be_read_keeps_no_other_from_being_told() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let mut damaged = house.hub.create_integration(&grant, telegram("one")).await.unwrap().integration;
    house.hub.create_integration(&grant, telegram("two")).await.unwrap();
    damaged.sealed_secrets = Some(b"no secret".to_vec());
    house
        .write(move |tx, _| {
            let damaged = damaged.clone();
            Box::pin(async move { Ok(store::rows::integrations::update(tx, &damaged).await?) })
        })
        .await;
    provider.has_moved.store(true, Ordering::Release);
    provider.told();
    assert_eq!(house.hub.register_anew().await.unwrap(), 0);
    assert_eq!(provider.told(), ["set up two"]);
}

#[tokio::test]
async fn a_dead_token_stays_dead_at_a_new_address() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap().integration;
    house.hub.note_sign(&made, Sign::Refused("dead".into())).await.unwrap();
    house.clock.advance(5);
    provider.has_moved.store(true, Ordering::Release);
    provider.is_down.store(true, Ordering::Release);
    house.hub.register_anew().await.unwrap();
    let shown = house.hub.integration(&grant, made.id).await.unwrap().integration;
    assert_eq!((shown.status, shown.health_reason.as_deref()), (IntegrationStatus::Error, Some("dead")));
}

#[tokio::test]
async fn an_account_has_one_integration_of_whatever_app() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let provider = Notebook::hand_to(&house);
    let first = house.hub.create_integration(&grant, telegram("1:a")).await.unwrap().integration;
    provider.told();
    let taken = |refused: Result<IntegrationView>| match refused {
        Err(HubError::AccountTaken { holder }) => holder,
        other => panic!("{other:?}"),
    };
    let again = house.hub.create_integration(&grant, telegram("1:b")).await;
    assert_eq!(taken(again), Some(first.id));
    let elsewhere = house.hub.create_integration(&other, telegram("1:b")).await;
    assert_eq!(taken(elsewhere), None, "other apps do not learn which one");
    let second = house.hub.create_integration(&other, telegram("2:a")).await.unwrap().integration;
    provider.told();
    let token = |token: &str| IntegrationPatch {
        secrets: object(serde_json::json!({ "token": token })),
        ..IntegrationPatch::default()
    };
    let moved = house.hub.update_integration(&other, second.id, token("1:b")).await;
    assert_eq!(taken(moved), None);
    assert_eq!(provider.told(), NOTHING, "nobody is asked, so that the first one goes on hearing");

    // Another token of one's own account is none of that, and what is left is free.
    house.hub.update_integration(&grant, first.id, token("1:c")).await.unwrap();
    house.hub.update_integration(&grant, first.id, token("3:a")).await.unwrap();
    house.hub.update_integration(&other, second.id, token("1:b")).await.unwrap();
    house.hub.delete_integration(&grant, first.id).await.unwrap();
    house.hub.create_integration(&other, telegram("3:b")).await.unwrap();
}

#[tokio::test]
async fn what_several_share_goes_to_one_that_stays() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let provider = Notebook::hand_to(&house);
    let first = house.hub.create_integration(&grant, telegram("one@app")).await.unwrap().integration;
    house.hub.create_integration(&grant, telegram("lonely")).await.unwrap();
    house.hub.create_integration(&other, telegram("two@app")).await.unwrap();
    provider.told();
    provider.is_down.store(true, Ordering::Release);
    house.hub.delete_integration(&grant, first.id).await.unwrap();
    assert_eq!(provider.told(), ["from one@app", "to two@app"], "the rest waits for that");
    provider.is_down.store(false, Ordering::Release);
    house.clock.advance(60_000);
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["from one@app", "to two@app", "withdraw one@app"]);
}

#[tokio::test]
async fn whoever_keeps_what_is_shared_gives_it_to_nobody() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let first = house.hub.create_integration(&grant, telegram("one@app")).await.unwrap().integration;
    house.hub.create_integration(&grant, telegram("two@app")).await.unwrap();
    provider.told();
    let patch = IntegrationPatch {
        secrets: object(serde_json::json!({ "token": "new@app" })),
        ..IntegrationPatch::default()
    };
    house.hub.update_integration(&grant, first.id, patch).await.unwrap();
    assert_eq!(provider.told(), ["set up new@app", "withdraw one@app"]);
}

#[tokio::test]
async fn whoever_holds_an_account_is_set_up_again_after_somebody_else_was() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let provider = Notebook::hand_to(&house);
    let draft = || IntegrationDraft { account_setting: Some("botId"), ..telegram("one") };
    let holder = house.hub.create_integration(&grant, draft()).await.unwrap().integration;
    provider.told();
    house.clock.advance(5);
    let refused = house.hub.create_integration(&other, draft()).await;
    assert!(matches!(refused, Err(HubError::AccountTaken { holder: None })), "{refused:?}");
    assert_eq!(provider.told(), ["set up one", "set up one"]);
    let shown = house.hub.integration(&grant, holder.id).await.unwrap().integration;
    assert_eq!(shown.last_good_at, Some(house.hub.now()), "its health says what became of it");
}
