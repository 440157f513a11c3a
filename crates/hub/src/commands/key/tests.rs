#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use futures::FutureExt as _;
use model::Id;
use model::record::{Integration, KeyKind};

use crate::error::{HubError, Result, Thing};
use crate::test_support::House;
use crate::{Grant, Once, Scope};

fn is_unknown_key<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(HubError::NotFound(Thing::Key))), "{result:?}");
}

#[tokio::test]
async fn an_app_has_ten_keys_at_most() {
    let house = House::open();
    let grant = house.app().await;
    let mut ids = Vec::new();
    for number in 0..10 {
        let made = house.hub.create_app_key(&grant, &format!("{number}")).await.unwrap();
        assert!(made.credential.id.starts_with("app_"));
        ids.push(made.credential.id);
    }
    let refused = house.hub.create_app_key(&grant, "x").await;
    assert!(matches!(refused, Err(HubError::TooMany { thing: Thing::Key, max: 10 })), "{refused:?}");
    let listed = house.hub.list_app_keys(&grant).await.unwrap();
    assert_eq!(listed.iter().map(|view| view.credential.id.clone()).collect::<Vec<_>>(), ids);
    house.hub.delete_app_key(&grant, &ids[3]).await.unwrap();
    house.hub.create_app_key(&grant, "x").await.unwrap();
}

#[tokio::test]
async fn a_custom_integration_has_ten_keys_of_its_own() {
    let house = House::open();
    let grant = house.app().await;
    let one = house.custom(&grant).await.integration.id;
    let two = house.custom(&grant).await.integration.id;
    let mut made = None;
    for number in 0..10 {
        made = Some(house.hub.create_integration_key(&grant, one, &format!("{number}")).await.unwrap());
    }
    let made = made.unwrap();
    assert!(made.credential.id.starts_with("int_"));
    assert_eq!(house.holder(&made.credential.id).await.scope(), Scope::Integration);
    let refused = house.hub.create_integration_key(&grant, one, "x").await;
    assert!(matches!(refused, Err(HubError::TooMany { thing: Thing::Key, max: 10 })), "{refused:?}");
    house.hub.create_integration_key(&grant, two, "x").await.unwrap();
    house.hub.create_app_key(&grant, "x").await.unwrap();
    assert_eq!(house.hub.list_integration_keys(&grant, one).await.unwrap().len(), 10);
    // Another owner's path does not lead to it.
    let id = &made.credential.id;
    is_unknown_key(house.hub.integration_key(&grant, two, id).await);
    is_unknown_key(house.hub.delete_integration_key(&grant, two, id).await);
    is_unknown_key(house.hub.app_key(&grant, id).await);
    house.hub.delete_integration_key(&grant, one, id).await.unwrap();
    assert!(house.hub.live_key(id).await.unwrap().is_none());
    is_unknown_key(house.hub.integration_key(&grant, one, id).await);
}

#[tokio::test]
async fn keys_are_found_only_in_their_app() {
    let house = House::open();
    let (own, foreign) = (house.app().await, house.app().await);
    let key = house.hub.create_app_key(&own, "k").await.unwrap().credential.id;
    is_unknown_key(house.hub.app_key(&foreign, &key).await);
    is_unknown_key(house.hub.app_key_with_secret(&foreign, &key).await);
    is_unknown_key(house.hub.delete_app_key(&foreign, &key).await);
    assert!(house.hub.list_app_keys(&foreign).await.unwrap().is_empty());
    let custom = house.custom(&own).await.integration.id;
    let listed = house.hub.list_integration_keys(&foreign, custom).await;
    assert!(matches!(listed, Err(HubError::NotFound(Thing::Integration))), "{listed:?}");
    house.hub.delete_app_key(&own, &key).await.unwrap();
    assert!(house.hub.live_key(&key).await.unwrap().is_none());
}

async fn all_four(house: &House, grant: &Grant, integration: Id) -> Vec<HubError> {
    let id = "int_000000000000000000000000";
    [
        house.hub.create_integration_key(grant, integration, "k").await.err(),
        house.hub.list_integration_keys(grant, integration).await.err(),
        house.hub.integration_key(grant, integration, id).await.err(),
        house.hub.delete_integration_key(grant, integration, id).await.err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[tokio::test]
async fn only_custom_integrations_have_keys() {
    let house = House::open();
    let grant = house.app().await;
    let web: Integration = house.integration(&grant, "web").await;
    let refused = all_four(&house, &grant, web.id).await;
    assert_eq!(
        refused.iter().filter(|error| matches!(error, HubError::Invalid(_))).count(),
        4,
        "{refused:?}"
    );
    let refused = all_four(&house, &grant, Id::MIN).await;
    let unknown = |error: &&HubError| matches!(error, HubError::NotFound(Thing::Integration));
    assert_eq!(refused.iter().filter(unknown).count(), 4, "{refused:?}");
}

#[tokio::test]
async fn secrets_are_shown_once_unless_the_operator_wants_it() {
    for readable in [false, true] {
        let house = House::open_with(|settings| settings.key_secrets_readable = readable);
        let grant = house.app().await;
        let made = house.hub.create_app_key(&grant, "k").await.unwrap();
        assert_eq!((made.secret.len(), made.credential.kind), (86, KeyKind::App));
        assert!(!format!("{made:?}").contains(&made.secret));
        let id = &made.credential.id;
        let expected = readable.then(|| made.secret.clone());
        assert_eq!(house.hub.app_key(&grant, id).await.unwrap().secret, expected);
        assert_eq!(house.hub.list_app_keys(&grant).await.unwrap()[0].secret, expected);
        let custom = house.custom(&grant).await.integration.id;
        let made = house.hub.create_integration_key(&grant, custom, "k").await.unwrap();
        let expected = readable.then(|| made.secret.clone());
        let id = &made.credential.id;
        assert_eq!(house.hub.integration_key(&grant, custom, id).await.unwrap().secret, expected);
        assert_eq!(house.hub.list_integration_keys(&grant, custom).await.unwrap()[0].secret, expected);
    }
}

#[tokio::test]
async fn a_repeated_request_finds_the_key_that_the_first_one_made() {
    let house = House::open();
    let once = |grant: &Grant, path: &str| grant.clone().once(Once::new("k", "POST", path, b"{}"));
    let grant = house.app().await;
    let app = once(&grant, "/keys");
    let made = house.hub.create_app_key(&app, "k").await.unwrap();
    let again = house.hub.create_app_key(&app, "k").await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(house.hub.app_key_with_secret(&grant, &result).await.unwrap(), made);
    assert_eq!(house.hub.list_app_keys(&grant).await.unwrap().len(), 1);
    let custom = house.custom(&grant).await.integration.id;
    let other = once(&grant, "/integrations/x/keys");
    let refused = house.hub.create_integration_key(&other, custom, "k").await;
    assert!(matches!(refused, Err(HubError::Conflict(_))), "the key served another request: {refused:?}");
}

#[tokio::test]
async fn a_key_opens_nothing_once_it_is_ended_though_whoever_ended_it_has_hung_up() {
    let house = House::open();
    let grant = house.app().await;
    let key = house.hub.create_app_key(&grant, "key").await.unwrap().credential.id;
    assert!(house.hub.live_key(&key).await.unwrap().is_some(), "it is held in memory now");
    // The command is queued; nobody waits for its answer.
    let _gone = house.hub.delete_app_key(&grant, &key).now_or_never();
    // Commands run in turn.
    house.write(|_, _| Box::pin(std::future::ready(Ok(())))).await;
    assert!(house.hub.live_key(&key).await.unwrap().is_none());
}
