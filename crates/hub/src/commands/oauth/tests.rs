#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use model::Id;
use model::limits::OAUTH_CODE_LIFE_MS;
use store::rows::integrations;

use super::*;
use crate::error::{HubError, Result, Thing};
use crate::test_support::{House, webhook};
use crate::{
    AppDraft, Caller, Cursor, Grant, IntegrationPatch, MemberDraft, PageRequest, Scope, SwitchboardPatch,
};

const BACK: &str = "https://partner.example/back";
const ALL: PageRequest = PageRequest { cursor: Cursor::Start, size: 100 };

async fn partner(house: &House, name: &str, remove_url: Option<&str>) -> NewOAuthClient {
    let draft = OAuthClientDraft {
        name: name.into(),
        redirect_uris: vec![BACK.into(), "https://partner.example/other".into()],
        remove_url: remove_url.map(str::to_owned),
    };
    house.hub.create_oauth_client(draft).await.unwrap()
}

/// A new account with an app, by the grant of the account's key.
async fn owner(house: &House) -> Grant {
    let (_, key) = house.hub.create_account("tenant").await.unwrap();
    app_of(house, house.holder(&key.credential.id).await).await
}

async fn app_of(house: &House, caller: Arc<Caller>) -> Grant {
    let draft = AppDraft { name: "app".into(), ..AppDraft::default() };
    let app = house.hub.create_app(&caller, None, draft).await.unwrap();
    house.hub.grant(caller, app.id).await.unwrap()
}

async fn code(house: &House, owner: &Grant, partner: &NewOAuthClient) -> String {
    let made = house.hub.authorize_oauth(&owner.caller, owner.app.id, &partner.client.id, None).await;
    made.unwrap().0
}

async fn exchange(house: &House, code: &str, partner: &NewOAuthClient) -> Result<SigningKey> {
    house.hub.exchange_oauth_code(code, &partner.client.id, &partner.secret).await
}

async fn enter(house: &House, owner: &Grant, partner: &NewOAuthClient) -> SigningKey {
    let code = code(house, owner, partner).await;
    exchange(house, &code, partner).await.unwrap()
}

/// What the partner's token opens.
async fn grant_of(house: &House, key: &SigningKey) -> Grant {
    house.hub.grant(house.holder(&key.key_id).await, key.app_id).await.unwrap()
}

fn integration_of(grant: &Grant) -> Id {
    grant.caller.integration().unwrap().1
}

fn is_refused<T: std::fmt::Debug>(result: Result<T>, about: &str) {
    let Err(HubError::Invalid(text)) = &result else { panic!("{result:?}") };
    assert!(text.starts_with(about), "{text}");
}

#[tokio::test]
async fn partners_are_registered_with_addresses_that_can_be_used() {
    let house = House::open();
    let made = partner(&house, "partner", Some("https://partner.example/gone")).await;
    assert_eq!((made.secret.len(), made.client.id.len()), (43, 24));
    assert_eq!(house.hub.list_oauth_clients().await.unwrap(), [made.client]);
    let draft = |uris: &[&str], remove_url: Option<&str>| OAuthClientDraft {
        name: "x".into(),
        redirect_uris: uris.iter().map(|uri| (*uri).to_owned()).collect(),
        remove_url: remove_url.map(str::to_owned),
    };
    for (wrong, about) in [
        (OAuthClientDraft { name: String::new(), ..draft(&[BACK], None) }, "name"),
        (draft(&[], None), "redirect URI"),
        (draft(&["partner.example"], None), "redirect URI"),
        (draft(&["javascript:alert(1)"], None), "redirect URI"),
        (draft(&[BACK, "https://partner.example/#a"], None), "redirect URI"),
        (draft(&[BACK], Some("http://localhost/gone")), "remove URL"),
    ] {
        is_refused(house.hub.create_oauth_client(wrong).await, about);
    }
}

#[tokio::test]
async fn a_code_leads_to_a_key_of_integration_scope() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let key = enter(&house, &owner, &partner).await;
    assert_eq!((key.app_id, &key.client_id), (owner.app.id, &partner.client.id));
    let grant = grant_of(&house, &key).await;
    assert_eq!((grant.caller.scope(), grant.app.id), (Scope::Integration, owner.app.id));
    assert_eq!(house.hub.live_key(&key.key_id).await.unwrap().unwrap().secret(), key.secret);
    let elsewhere = app_of(&house, owner.caller.clone()).await;
    let refused = house.hub.grant(grant.caller, elsewhere.app.id).await;
    assert!(matches!(refused, Err(HubError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let code = code(&house, &owner, &partner).await;
    exchange(&house, &code, &partner).await.unwrap();
    is_refused(exchange(&house, &code, &partner).await, "code");
    is_refused(exchange(&house, "another", &partner).await, "code");
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let (early, late) = (code(&house, &owner, &partner).await, code(&house, &owner, &partner).await);
    house.clock.advance(OAUTH_CODE_LIFE_MS - 1);
    exchange(&house, &early, &partner).await.unwrap();
    house.clock.advance(1);
    is_refused(exchange(&house, &late, &partner).await, "code");
    // The next consent forgets it.
    code(&house, &owner, &partner).await;
    let mut reader = house.hub.reader().await.unwrap();
    assert_eq!(store::rows::oauth::code(&mut reader, &hash(&late)).await.unwrap(), None);
}

#[tokio::test]
async fn a_code_is_for_its_own_partner_and_survives_a_wrong_secret() {
    let house = House::open();
    let owner = owner(&house).await;
    let (one, two) = (partner(&house, "one", None).await, partner(&house, "two", None).await);
    let code = code(&house, &owner, &one).await;
    is_refused(exchange(&house, &code, &two).await, "code");
    let stranger = "client_id or client_secret";
    is_refused(house.hub.exchange_oauth_code(&code, &one.client.id, &two.secret).await, stranger);
    is_refused(house.hub.exchange_oauth_code(&code, "nobody", &one.secret).await, stranger);
    exchange(&house, &code, &one).await.unwrap();
}

#[tokio::test]
async fn codes_go_only_where_the_partner_has_registered() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let sent = async |uri: Option<&'static str>| {
        let asked = house.hub.oauth_request(&partner.client.id, uri).await.map(|(_, uri)| uri);
        let made = house.hub.authorize_oauth(&owner.caller, owner.app.id, &partner.client.id, uri).await;
        let made = made.map(|(_, uri)| uri);
        assert_eq!(asked.as_ref().ok(), made.as_ref().ok(), "the page and the code agree");
        made
    };
    assert_eq!(sent(None).await.unwrap(), BACK, "the first one");
    let other = "https://partner.example/other";
    assert_eq!(sent(Some(other)).await.unwrap(), other);
    for wrong in ["https://evil.example/back", "https://partner.example/back?a=b", "https://partner.example"]
    {
        is_refused(sent(Some(wrong)).await, "redirect_uri");
    }
    let unknown = house.hub.oauth_request("nobody", None).await;
    assert!(matches!(unknown, Err(HubError::NotFound(Thing::OAuthClient))), "{unknown:?}");
}

#[tokio::test]
async fn only_the_account_that_owns_an_app_lets_a_partner_in() {
    let house = House::open();
    let (owner, stranger) = (owner(&house).await, owner(&house).await);
    let partner = partner(&house, "partner", None).await;
    let key = house.hub.create_app_key(&owner, "key").await.unwrap();
    let ask = async |caller: &Arc<Caller>| {
        house.hub.authorize_oauth(caller, owner.app.id, &partner.client.id, None).await.map(drop)
    };
    let refused = ask(&house.holder(&key.credential.id).await).await;
    assert!(matches!(refused, Err(HubError::Forbidden(_))), "{refused:?}");
    let refused = ask(&stranger.caller).await;
    assert!(matches!(refused, Err(HubError::NotFound(Thing::App))), "{refused:?}");
    let code = code(&house, &owner, &partner).await;
    house.hub.delete_app(&owner).await.unwrap();
    is_refused(exchange(&house, &code, &partner).await, "code");
}

#[tokio::test]
async fn a_partner_has_one_integration_in_an_app() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let first = enter(&house, &owner, &partner).await;
    assert_eq!(enter(&house, &owner, &partner).await, first, "the same key again");
    let elsewhere = app_of(&house, owner.caller.clone()).await;
    let second = enter(&house, &elsewhere, &partner).await;
    let other = enter(&house, &owner, &self::partner(&house, "other", None).await).await;
    let mut seen = Vec::new();
    for key in [&first, &second, &other] {
        seen.push(integration_of(&grant_of(&house, key).await));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn what_stands_for_a_partner_is_hidden() {
    let house = House::open();
    let (owner, partner) = (owner(&house).await, partner(&house, "partner", None).await);
    let key = enter(&house, &owner, &partner).await;
    let id = integration_of(&grant_of(&house, &key).await);
    let hub = &house.hub;
    assert!(hub.list_integrations(&owner, None, ALL).await.unwrap().items.is_empty());
    assert!(hub.list_app_keys(&owner).await.unwrap().is_empty());
    assert!(hub.list_account_keys(None).await.unwrap().iter().all(|view| view.credential.id != key.key_id));
    for refused in [
        hub.integration(&owner, id).await.map(drop),
        hub.update_integration(&owner, id, IntegrationPatch::default()).await.map(drop),
        hub.delete_integration(&owner, id).await,
        hub.create_integration_key(&owner, id, "x").await.map(drop),
        hub.list_integration_keys(&owner, id).await.map(drop),
        hub.list_webhooks(&owner, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(HubError::NotFound(Thing::Integration))), "{refused:?}");
    }
}

#[tokio::test]
async fn revoking_ends_key_webhooks_and_seat() {
    let house = House::open();
    let owner = owner(&house).await;
    let told = partner(&house, "told", Some("https://partner.example/gone")).await;
    let key = enter(&house, &owner, &told).await;
    let grant = grant_of(&house, &key).await;
    let id = integration_of(&grant);
    house.hub.create_webhook(&grant, id, webhook("https://partner.example/in")).await.unwrap();
    assert_eq!(house.hub.outbox().subscribers().await.unwrap().len(), 1);
    let board = house.hub.create_switchboard(&owner).await.unwrap().switchboard.id;
    let draft = MemberDraft {
        name: "partner".into(),
        integration_type: Some(told.client.id.clone()),
        ..MemberDraft::default()
    };
    let member = house.hub.create_switchboard_integration(&owner, board, draft).await.unwrap();
    let default = model::patch::Patch::Set(member.member.id.to_string());
    let patch = SwitchboardPatch { enabled: Some(true), default };
    house.hub.update_switchboard(&owner, board, patch).await.unwrap();

    let mut partings = house.hub.partings();
    house.hub.revoke_oauth(&grant).await.unwrap();
    let parting = Parting {
        url: "https://partner.example/gone".into(),
        client_id: told.client.id.clone(),
        app_id: owner.app.id,
        integration_id: id,
    };
    assert_eq!(partings.try_recv(), Ok(parting));
    assert!(house.hub.live_key(&key.key_id).await.unwrap().is_none(), "its tokens have ended");
    assert!(house.hub.outbox().subscribers().await.unwrap().is_empty());
    assert!(house.hub.list_switchboard_integrations(&owner, board).await.unwrap().is_empty());
    let mut reader = house.hub.reader().await.unwrap();
    let left = integrations::by_oauth_client(&mut reader, owner.app.key, &told.client.id).await.unwrap();
    assert_eq!(left, None);
    drop(reader);

    let again = enter(&house, &owner, &told).await;
    assert_ne!(again.key_id, key.key_id, "it may come back, as somebody new");
}

#[tokio::test]
async fn only_partners_revoke_and_only_those_with_an_address_are_told() {
    let house = House::open();
    let (owner, quiet) = (owner(&house).await, partner(&house, "quiet", None).await);
    let mut partings = house.hub.partings();
    let custom = house.custom(&owner).await.integration.id;
    for grant in [&owner, &house.as_integration(&owner, custom).await] {
        let refused = house.hub.revoke_oauth(grant).await;
        assert!(matches!(refused, Err(HubError::Forbidden(_))), "{refused:?}");
    }
    let key = enter(&house, &owner, &quiet).await;
    let grant = grant_of(&house, &key).await;
    house.hub.revoke_oauth(&grant).await.unwrap();
    assert!(partings.try_recv().is_err());
    assert!(house.hub.revoke_oauth(&grant).await.is_err(), "once");
}
