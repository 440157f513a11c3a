#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::patch::Patch;
use model::record::{ClientStatus, Integration};
use serde_json::{Map, Value, json};
use store::rows::clients;

use super::*;
use crate::error::{HubError, Thing};
use crate::rules::people::ensure_sdk_client;
use crate::test_support::{House, webhook};
use crate::{
    Cursor, Grant, IntegrationView, MemberDraft, Once, PageRequest, SwitchboardPatch, UserRef, WebhookPatch,
};

const ALL: PageRequest = PageRequest { cursor: Cursor::Start, size: 100 };

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn telegram() -> IntegrationDraft {
    IntegrationDraft {
        kind: "telegram".into(),
        config: object(json!({ "showAIDisclaimer": false, "note": "x" })),
        secrets: object(json!({ "token": "1:hidden", "other": "kept" })),
        ..IntegrationDraft::default()
    }
}

fn custom(targets: &[&str]) -> IntegrationDraft {
    let webhooks = targets.iter().map(|target| webhook(target)).collect();
    IntegrationDraft { kind: Integration::CUSTOM.into(), webhooks, ..IntegrationDraft::default() }
}

async fn listed(house: &House, grant: &Grant, kinds: Option<&[&str]>) -> Vec<Id> {
    let kinds = kinds.map(|kinds| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>());
    let page = house.hub.list_integrations(grant, kinds.as_deref(), ALL).await.unwrap();
    page.items.iter().map(|view| view.integration.id).collect()
}

/// What the sealed settings say.
fn opened(house: &House, view: &IntegrationView) -> Value {
    let sealed = view.integration.sealed_secrets.as_deref();
    Value::from(open_secrets(house.hub.sealer(), sealed).unwrap())
}

#[tokio::test]
async fn secrets_are_sealed_and_merged_apart_from_what_is_shown() {
    let house = House::open();
    let grant = house.app().await;
    assert!(!format!("{:?}", telegram()).contains("hidden"));
    let made = house.hub.create_integration(&grant, telegram()).await.unwrap();
    assert_eq!(
        Value::from(made.integration.config.clone()),
        json!({ "showAIDisclaimer": false, "note": "x" })
    );
    assert_eq!(opened(&house, &made), json!({ "token": "1:hidden", "other": "kept" }));
    let sealed = made.integration.sealed_secrets.clone().unwrap();
    assert!(!sealed.windows(6).any(|bytes| bytes == b"hidden"), "it lies open in the store");

    let patch = IntegrationPatch {
        name: Patch::Set("Named".into()),
        config: object(json!({ "note": null, "more": 1 })),
        secrets: object(json!({ "token": "2:hidden" })),
        ..IntegrationPatch::default()
    };
    assert!(!format!("{patch:?}").contains("hidden"));
    let id = made.integration.id;
    let changed = house.hub.update_integration(&grant, id, patch).await.unwrap();
    assert_eq!(changed.integration.name.as_deref(), Some("Named"));
    assert_eq!(
        Value::from(changed.integration.config.clone()),
        json!({ "showAIDisclaimer": false, "more": 1 })
    );
    assert_eq!(opened(&house, &changed), json!({ "token": "2:hidden", "other": "kept" }));
    let bare = IntegrationPatch {
        name: Patch::Clear,
        secrets: object(json!({ "token": null, "other": null })),
        ..IntegrationPatch::default()
    };
    let cleared = house.hub.update_integration(&grant, id, bare).await.unwrap();
    assert_eq!((cleared.integration.name, cleared.integration.sealed_secrets), (None, None));
}

#[tokio::test]
async fn a_custom_one_comes_with_one_webhook_and_others_with_none() {
    let house = House::open();
    let grant = house.app().await;
    let one = "https://hooks.example.org/1";
    let with_webhook = IntegrationDraft { webhooks: vec![webhook(one)], ..telegram() };
    for draft in
        [custom(&[]), custom(&[one, one]), custom(&["http://localhost/"]), custom(&["x"]), with_webhook]
    {
        let refused = house.hub.create_integration(&grant, draft).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    let made = house.hub.create_integration(&grant, custom(&[one])).await.unwrap();
    assert_eq!(listed(&house, &grant, None).await, [made.integration.id], "a refused one leaves nothing");
    assert_eq!(made.webhook.unwrap().subscription.target, one);
    let telegram = house.hub.create_integration(&grant, telegram()).await.unwrap();
    assert_eq!(telegram.webhook, None);
}

#[tokio::test]
async fn the_oldest_webhook_that_is_left_is_shown() {
    let house = House::open();
    let grant = house.app().await;
    let made = house.custom(&grant).await;
    let (id, first) = (made.integration.id, made.webhook.unwrap());
    let second = house.hub.create_webhook(&grant, id, webhook("https://hooks.example.org/2")).await.unwrap();
    let changed = WebhookPatch { include_full_user: Some(true), ..WebhookPatch::default() };
    house.hub.update_webhook(&grant, id, first.subscription.id, changed).await.unwrap();
    let shown = house.hub.integration(&grant, id).await.unwrap().webhook.unwrap();
    assert_eq!((shown.subscription.id, &shown.secret), (first.subscription.id, &first.secret));
    house.hub.delete_webhook(&grant, id, first.subscription.id).await.unwrap();
    assert_eq!(house.hub.integration(&grant, id).await.unwrap().webhook, Some(second.clone()));
    house.hub.delete_webhook(&grant, id, second.subscription.id).await.unwrap();
    assert_eq!(house.hub.integration(&grant, id).await.unwrap().webhook, None);
}

#[tokio::test]
async fn the_eleventh_webhook_of_an_app_brings_no_integration() {
    let house = House::open();
    let grant = house.app().await;
    for _ in 0..10 {
        house.custom(&grant).await;
    }
    let refused = house.hub.create_integration(&grant, custom(&["https://hooks.example.org/"])).await;
    assert!(matches!(refused, Err(HubError::TooMany { thing: Thing::Webhook, max: 10 })), "{refused:?}");
    assert_eq!(listed(&house, &grant, None).await.len(), 10);
    house.hub.create_integration(&grant, telegram()).await.expect("a channel has no webhook");
    let neighbour = house.app().await;
    house.custom(&neighbour).await;
}

/// A switchboard whose default is `bot`, with `agent` beside it; the ids of both.
async fn board(house: &House, grant: &Grant) -> (Id, Id, Id) {
    let board = house.hub.create_switchboard(grant).await.unwrap().switchboard.id;
    let mut members = Vec::new();
    for name in ["bot", "agent"] {
        let integration = house.custom(grant).await.integration.id;
        let integration_id = Some(integration.to_string());
        let draft = MemberDraft { name: name.into(), integration_id, ..MemberDraft::default() };
        let member = house.hub.create_switchboard_integration(grant, board, draft).await.unwrap();
        members.push(member.member.id);
    }
    let patch =
        SwitchboardPatch { default: Patch::Set(members[0].to_string()), ..SwitchboardPatch::default() };
    house.hub.update_switchboard(grant, board, patch).await.unwrap();
    (board, members[0], members[1])
}

fn answers(view: &IntegrationView) -> Option<(&str, bool)> {
    view.responder.as_ref().map(|responder| (responder.member.member.name.as_str(), responder.inherited))
}

#[tokio::test]
async fn who_answers_first_is_its_own_or_the_switchboards_default() {
    let house = House::open();
    let grant = house.app().await;
    let id = house.hub.create_integration(&grant, telegram()).await.unwrap().integration.id;
    assert_eq!(answers(&house.hub.integration(&grant, id).await.unwrap()), None, "there is no switchboard");
    let (switchboard, _, agent) = board(&house, &grant).await;
    assert_eq!(answers(&house.hub.integration(&grant, id).await.unwrap()), Some(("bot", true)));
    let set = async |responder| {
        let patch = IntegrationPatch { default_responder: responder, ..IntegrationPatch::default() };
        house.hub.update_integration(&grant, id, patch).await
    };
    let behind = house.hub.switchboard_integration(&grant, switchboard, agent).await.unwrap();
    for name in [agent, behind.member.integration_id] {
        let changed = set(Patch::Set(name.to_string())).await.unwrap();
        assert_eq!(answers(&changed), Some(("agent", false)));
        assert_eq!(answers(&set(Patch::Clear).await.unwrap()), Some(("bot", true)));
    }
    for unknown in [id.to_string(), "x".to_owned()] {
        let refused = set(Patch::Set(unknown.clone())).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
        let draft = IntegrationDraft { default_responder: Some(unknown), ..telegram() };
        let refused = house.hub.create_integration(&grant, draft).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    let draft = IntegrationDraft { default_responder: Some(agent.to_string()), ..telegram() };
    let made = house.hub.create_integration(&grant, draft).await.unwrap();
    assert_eq!(answers(&made), Some(("agent", false)));
    house.hub.delete_switchboard_integration(&grant, switchboard, agent).await.unwrap();
    let left = house.hub.integration(&grant, made.integration.id).await.unwrap();
    assert_eq!(answers(&left), Some(("bot", true)), "its own is gone");
}

#[tokio::test]
async fn a_deleted_one_takes_webhooks_keys_and_clients_along() {
    let house = House::open();
    let grant = house.app().await;
    let id = house.custom(&grant).await.integration.id;
    let key = house.hub.create_integration_key(&grant, id, "k").await.unwrap().credential.id;
    let caller = house.as_integration(&grant, id).await;
    house.hub.delete_integration(&grant, id).await.unwrap();
    assert!(house.hub.live_key(&key).await.unwrap().is_none());
    assert!(house.hub.outbox().subscribers().await.unwrap().is_empty());
    let heard = house.hub.list_webhooks(&caller, id).await;
    assert!(matches!(heard, Err(HubError::NotFound(Thing::Integration))), "{heard:?}");
    for refused in [
        house.hub.integration(&grant, id).await.map(drop),
        house.hub.update_integration(&grant, id, IntegrationPatch::default()).await.map(drop),
        house.hub.delete_integration(&grant, id).await,
        house.hub.list_webhooks(&grant, id).await.map(drop),
        house.hub.list_integration_keys(&grant, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(HubError::NotFound(Thing::Integration))), "{refused:?}");
    }
    assert!(listed(&house, &grant, None).await.is_empty());

    let channel = house.integration(&grant, "telegram").await;
    let user = house.user(&grant, "ann").await;
    let (app, row, of_user) = (grant.app.key, channel.clone(), user.clone());
    house
        .write(move |tx, ctx| {
            let (channel, user) = (row.clone(), of_user.clone());
            Box::pin(async move {
                let mut client = ensure_sdk_client(tx, ctx, &user).await?;
                client.id = ctx.id();
                client.kind = channel.kind.clone();
                client.status = ClientStatus::Active;
                client.integration = Some(channel.key);
                client.external_id = Some("374".into());
                Ok(clients::insert(tx, app, &client).await?)
            })
        })
        .await;
    house.hub.delete_integration(&grant, channel.id).await.unwrap();
    house.hub.sweep().await.unwrap();
    let left = house.hub.list_clients(&grant, &UserRef::new(user.id.to_string()), ALL).await.unwrap();
    let client = left.items.iter().find(|client| client.kind == "telegram").unwrap();
    assert_eq!(client.status, ClientStatus::Inactive);
}

#[tokio::test]
async fn one_that_is_linked_to_a_switchboard_stays() {
    let house = House::open();
    let grant = house.app().await;
    let (switchboard, _, agent) = board(&house, &grant).await;
    let linked =
        house.hub.switchboard_integration(&grant, switchboard, agent).await.unwrap().member.integration_id;
    let refused = house.hub.delete_integration(&grant, linked).await;
    assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    assert!(house.hub.integration(&grant, linked).await.is_ok());
    house.hub.delete_switchboard_integration(&grant, switchboard, agent).await.unwrap();
    house.hub.delete_integration(&grant, linked).await.unwrap();
}

#[tokio::test]
async fn they_are_listed_by_creation_and_type_and_only_in_their_app() {
    let house = House::open();
    let (grant, foreign) = (house.app().await, house.app().await);
    let mut made = Vec::new();
    for kind in ["web", "ios", "web", "android"] {
        made.push(house.integration(&grant, kind).await.id);
    }
    assert_eq!(listed(&house, &grant, None).await, made);
    assert_eq!(listed(&house, &grant, Some(&["web", "pigeon"])).await, [made[0], made[2]]);
    assert!(listed(&house, &grant, Some(&["we", "eb", "", "pigeon"])).await.is_empty());
    let page = PageRequest { cursor: Cursor::After(made[0]), size: 2 };
    let page = house.hub.list_integrations(&grant, None, page).await.unwrap();
    let ids: Vec<Id> = page.items.iter().map(|view| view.integration.id).collect();
    assert_eq!((ids, page.has_next), (made[1..3].to_vec(), true));
    assert!(listed(&house, &foreign, None).await.is_empty());
    for refused in [
        house.hub.integration(&foreign, made[0]).await.map(drop),
        house.hub.update_integration(&foreign, made[0], IntegrationPatch::default()).await.map(drop),
        house.hub.delete_integration(&foreign, made[0]).await,
    ] {
        assert!(matches!(refused, Err(HubError::NotFound(Thing::Integration))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_repeated_request_makes_one() {
    let house = House::open();
    let grant = house.app().await.once(Once::new("k", "POST", "/integrations", b"{}"));
    let draft = || custom(&["https://hooks.example.org/"]);
    let made = house.hub.create_integration(&grant, draft()).await.unwrap();
    let again = house.hub.create_integration(&grant, draft()).await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(result, made.integration.id.to_string());
    assert_eq!(house.hub.outbox().subscribers().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_picture_that_goes_with_a_message_is_none_of_an_integration() {
    let house = House::open();
    let grant = house.app().await;
    let (picture, _) = house.picture(&grant).await;
    let url = house.hub.attachment_url(&picture.token, &picture.name);
    let web = |config: Value| IntegrationDraft {
        kind: "web".into(),
        config: object(config),
        ..IntegrationDraft::default()
    };
    let made = house.hub.create_integration(&grant, web(json!({ "brandColor": "00ff00" }))).await.unwrap();
    for (config, field) in [
        (json!({ "buttonIconUrl": url }), "buttonIconUrl: "),
        (json!({ "prechatCapture": { "avatarUrl": url } }), "prechatCapture.avatarUrl: "),
    ] {
        let refused = house.hub.create_integration(&grant, web(config.clone())).await;
        assert!(matches!(&refused, Err(HubError::Invalid(why)) if why.starts_with(field)), "{refused:?}");
        let patch = IntegrationPatch { config: object(config), ..IntegrationPatch::default() };
        let refused = house.hub.update_integration(&grant, made.integration.id, patch).await;
        assert!(matches!(&refused, Err(HubError::Invalid(why)) if why.starts_with(field)), "{refused:?}");
    }
}
