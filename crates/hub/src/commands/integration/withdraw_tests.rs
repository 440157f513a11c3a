//! Providers hear of what is gone, however late, and never of what came back.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::Ordering;

use model::record::Access;
use model::time::DAY_MS;
use store::rows::provisionings::{self, Provisioning};
use store::rows::withdrawals::{self, Withdrawal};

use super::provider_tests::{Notebook, telegram};
use super::*;
use crate::UploadDraft;
use crate::test_support::House;

async fn waiting(house: &House) -> Vec<Withdrawal> {
    let far = house.hub.now().plus(DAY_MS * 365);
    let due = withdrawals::due(&mut house.hub.reader().await.unwrap(), far, 10).await.unwrap();
    due.into_iter().map(|(_, due)| due.unwrap()).collect()
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn an_app_that_goes_tells_the_providers_of_its_integrations() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let provider = Notebook::hand_to(&house);
    for token in ["one", "two"] {
        house.hub.create_integration(&grant, telegram(token)).await.unwrap();
    }
    house.hub.create_integration(&other, telegram("three")).await.unwrap();
    house.custom(&grant).await;
    provider.told();
    provider.is_down.store(true, Ordering::Release);
    house.hub.delete_app(&grant).await.unwrap();
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw one", "withdraw two"]);
    assert_eq!(waiting(&house).await.len(), 2);
    // It is not asked before it is time, and then until it has heard.
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), NOTHING);
    house.clock.advance(2_000);
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw one", "withdraw two"]);
    provider.is_down.store(false, Ordering::Release);
    house.clock.advance(4_000);
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw one", "withdraw two"]);
    assert_eq!(waiting(&house).await, [], "the secrets went with the rows");
}

#[tokio::test]
async fn a_provider_that_never_listens_is_left_alone_after_a_time() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap();
    provider.told();
    provider.is_down.store(true, Ordering::Release);
    house.hub.delete_integration(&grant, made.integration.id).await.unwrap();
    for _ in 0..10 {
        house.clock.advance(60_000);
        house.hub.sweep().await.unwrap();
    }
    assert_eq!(provider.told(), ["withdraw one"; 4], "the first while the caller waited");
    assert_eq!(waiting(&house).await, []);
}

#[tokio::test]
async fn what_came_back_in_the_meantime_is_not_undone() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let provider = Notebook::hand_to(&house);
    house.hub.create_integration(&grant, telegram("one")).await.unwrap();
    provider.is_down.store(true, Ordering::Release);
    house.hub.delete_app(&grant).await.unwrap();
    house.hub.sweep().await.unwrap();
    house.hub.create_integration(&other, telegram("one")).await.unwrap();
    assert_eq!(provider.told(), ["set up one", "withdraw one", "set up one"]);
    provider.is_down.store(false, Ordering::Release);
    house.clock.advance(2_000);
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), NOTHING);
    assert_eq!(waiting(&house).await, []);
}

#[tokio::test]
async fn what_a_crash_left_half_set_up_is_withdrawn_by_the_next_sweep() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let secrets = telegram("half").secrets;
    let sealed_secrets = seal_secrets(house.hub.sealer(), &secrets).unwrap();
    let app = grant.app.key;
    house
        .write(move |tx, ctx| {
            let begun = Provisioning {
                id: ctx.id(),
                app,
                kind: "telegram".into(),
                config: Default::default(),
                sealed_secrets: sealed_secrets.clone(),
                began_at: ctx.now,
            };
            Box::pin(async move { Ok(provisionings::insert(tx, &begun).await?) })
        })
        .await;
    house.hub.undo_begun_integrations().await.unwrap();
    assert_eq!(provider.told(), NOTHING, "nobody waits for a provider at the start");
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw half"]);
    assert_eq!(waiting(&house).await, []);
}

#[tokio::test]
async fn an_integration_in_an_app_that_goes_meanwhile_is_given_up() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    house.hub.delete_app(&grant).await.unwrap();
    house.hub.create_integration(&grant, telegram("late")).await.unwrap_err();
    assert_eq!(provider.told(), ["set up late", "withdraw late"]);
    assert_eq!(waiting(&house).await, []);
}

#[tokio::test]
async fn a_former_sender_hears_of_it_later_and_the_new_one_stays() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap();
    provider.is_down.store(true, Ordering::Release);
    let patch = IntegrationPatch { secrets: telegram("two").secrets, ..IntegrationPatch::default() };
    house.hub.update_integration(&grant, made.integration.id, patch).await.unwrap();
    assert_eq!(provider.told(), ["set up one", "set up two", "withdraw one"]);
    provider.is_down.store(false, Ordering::Release);
    house.clock.advance(2_000);
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw one"]);
    assert_eq!(waiting(&house).await, []);
}

#[tokio::test]
async fn files_that_cannot_be_removed_keep_no_provider_waiting() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    house.hub.create_integration(&grant, telegram("one")).await.unwrap();
    let draft = UploadDraft { access: Access::Public, for_message: false, conversation: None };
    let mut upload = house.hub.begin_upload(&grant, draft).await.unwrap();
    upload.add(b"hello"[..].into()).await.unwrap();
    let uploaded =
        house.hub.finish_upload(&grant, upload, "a.txt".into(), "text/plain".into()).await.unwrap();
    let path = house.data_dir.path().join("attachments").join(store::files::file_name(&uploaded.token));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    provider.told();
    house.hub.delete_app(&grant).await.unwrap();
    house.hub.sweep().await.unwrap();
    assert_eq!(provider.told(), ["withdraw one"]);
    assert_eq!(waiting(&house).await, []);
    std::fs::remove_dir(&path).unwrap();
    house.hub.sweep().await.unwrap();
}
