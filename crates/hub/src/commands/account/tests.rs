#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::record::KeyKind;

use crate::error::{HubError, Thing};
use crate::test_support::House;

const SEEDED: &str = "act_00112233445566778899aabb";
const OTHER: &str = "act_ffeeddccbbaa998877665544";

/// Whether a key is live and has this secret.
async fn opens(house: &House, id: &str, secret: &str) -> bool {
    house.hub.live_key(id).await.unwrap().is_some_and(|key| key.secret_is(secret))
}

async fn key_ids(house: &House) -> Vec<String> {
    let listed = house.hub.list_account_keys(None).await.unwrap();
    listed.into_iter().map(|view| view.credential.id).collect()
}

#[tokio::test]
async fn a_fresh_store_has_a_default_account_and_one_first_key() {
    let house = House::open();
    assert!(house.hub.list_accounts().await.unwrap().is_empty());
    let account = house.hub.ensure_default_account().await.unwrap();
    assert_eq!(house.hub.ensure_default_account().await.unwrap(), account);
    let key = house.hub.first_account_key().await.unwrap().unwrap();
    let digits = key.credential.id.strip_prefix("act_").unwrap();
    assert!(digits.parse::<Id>().is_ok(), "{digits}");
    assert_eq!((key.secret.len(), key.credential.kind), (86, KeyKind::Account));
    assert!(opens(&house, &key.credential.id, &key.secret).await);
    assert_eq!(house.hub.first_account_key().await.unwrap(), None);
    assert_eq!(house.hub.list_accounts().await.unwrap(), [account]);
}

#[tokio::test]
async fn a_seeded_key_belongs_to_the_default_account_and_seeding_again_changes_nothing() {
    let house = House::open();
    house.hub.seed_account_key(SEEDED, "secret").await.unwrap();
    let listed = house.hub.list_account_keys(None).await.unwrap();
    house.hub.seed_account_key(SEEDED, "secret").await.unwrap();
    assert_eq!(house.hub.list_account_keys(None).await.unwrap(), listed);
    let account = house.hub.ensure_default_account().await.unwrap();
    assert_eq!(listed[0].account_id, account.id);
    assert!(opens(&house, SEEDED, "secret").await);
    assert_eq!(house.hub.first_account_key().await.unwrap(), None, "there is a key already");
}

#[tokio::test]
async fn another_secret_replaces_the_seeded_one_and_another_id_revokes_it() {
    let house = House::open();
    let made = house.hub.create_account_key(None, "by hand").await.unwrap().credential.id;
    house.hub.seed_account_key(SEEDED, "one").await.unwrap();
    assert!(opens(&house, SEEDED, "one").await);
    house.hub.seed_account_key(SEEDED, "two").await.unwrap();
    assert!(opens(&house, SEEDED, "two").await && !opens(&house, SEEDED, "one").await);
    house.hub.seed_account_key(OTHER, "three").await.unwrap();
    assert!(house.hub.live_key(SEEDED).await.unwrap().is_none());
    assert!(opens(&house, OTHER, "three").await);
    // A key that was made by hand stays, and one that is named by the configuration later is seeded.
    assert_eq!(key_ids(&house).await, [made.clone(), OTHER.into()]);
    house.hub.seed_account_key(&made, "four").await.unwrap();
    assert_eq!(key_ids(&house).await, std::slice::from_ref(&made));
    assert!(opens(&house, &made, "four").await);
}

#[tokio::test]
async fn another_accounts_key_cannot_be_seeded() {
    let house = House::open();
    let (_, foreign) = house.hub.create_account("tenant").await.unwrap();
    let refused = house.hub.seed_account_key(&foreign.credential.id, "mine").await;
    assert!(matches!(refused, Err(HubError::Conflict(_))), "{refused:?}");
    for (id, secret) in [("app_0011", "secret"), (SEEDED, "")] {
        let refused = house.hub.seed_account_key(id, secret).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    assert!(opens(&house, &foreign.credential.id, &foreign.secret).await);
}

#[tokio::test]
async fn accounts_have_keys_of_their_own() {
    let house = House::open();
    let (tenant, key) = house.hub.create_account("tenant").await.unwrap();
    let names: Vec<String> =
        house.hub.list_accounts().await.unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(names, ["default", "tenant"], "the default account is the oldest");
    let second = house.hub.create_account_key(Some(tenant.id), "second").await.unwrap();
    house.hub.create_account_key(None, "of the default").await.unwrap();
    let of_tenant: Vec<String> = house
        .hub
        .list_account_keys(Some(tenant.id))
        .await
        .unwrap()
        .into_iter()
        .map(|view| view.credential.id)
        .collect();
    assert_eq!(of_tenant, [key.credential.id, second.credential.id]);
    let unknown = Some(Id::MIN);
    let listed = house.hub.list_account_keys(unknown).await;
    assert!(matches!(listed, Err(HubError::NotFound(Thing::Account))), "{listed:?}");
    let made = house.hub.create_account_key(unknown, "x").await;
    assert!(matches!(made, Err(HubError::NotFound(Thing::Account))), "{made:?}");
    for name in ["", "  ", &"x".repeat(101)] {
        assert!(matches!(house.hub.create_account(name).await, Err(HubError::Invalid(_))), "{name}");
        assert!(
            matches!(house.hub.create_account_key(None, name).await, Err(HubError::Invalid(_))),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_key_can_be_revoked() {
    let house = House::open();
    let grant = house.app().await;
    let custom = house.custom(&grant).await.integration.id;
    let account_key = house.hub.create_account_key(None, "k").await.unwrap().credential.id;
    let app_key = house.hub.create_app_key(&grant, "k").await.unwrap().credential.id;
    let integration_key = house.hub.create_integration_key(&grant, custom, "k").await.unwrap().credential.id;
    for id in [account_key, app_key, integration_key] {
        assert!(house.hub.live_key(&id).await.unwrap().is_some(), "{id}");
        house.hub.revoke_key(&id).await.unwrap();
        assert!(house.hub.live_key(&id).await.unwrap().is_none(), "{id}");
        let again = house.hub.revoke_key(&id).await;
        assert!(matches!(again, Err(HubError::NotFound(Thing::Key))), "{again:?}");
    }
}

#[tokio::test]
async fn a_store_whose_readers_are_all_taken_is_not_ready() {
    let house = House::open();
    house.hub.ensure_default_account().await.unwrap();
    assert!(house.hub.is_ready().await && house.hub.can_write().await);
    let mut held = Vec::new();
    for _ in 0..4 {
        let hub = house.hub.clone();
        held.push(tokio::spawn(async move { hub.reader().await.unwrap() }).await.unwrap());
    }
    assert!(!house.hub.is_ready().await);
    held.pop();
    assert!(house.hub.is_ready().await);
}
