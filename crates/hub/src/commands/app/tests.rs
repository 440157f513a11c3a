#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use model::patch::Patch;
use model::record::App;
use serde_json::{Map, Value, json};
use store::rows::apps;

use super::*;
use crate::error::{HubError, Result, Thing};
use crate::test_support::House;
use crate::{Caller, Cursor, Grant, Once, PageRequest, Scope};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn named(name: &str) -> AppDraft {
    AppDraft { name: name.into(), ..AppDraft::default() }
}

async fn account(house: &House) -> Arc<Caller> {
    let (_, key) = house.hub.create_account("tenant").await.unwrap();
    house.holder(&key.credential.id).await
}

async fn change(house: &House, grant: &Grant, settings: SettingsPatch) -> Result<App> {
    house.hub.update_app(grant, AppPatch { settings, ..AppPatch::default() }).await
}

#[tokio::test]
async fn settings_are_merged_one_by_one() {
    let house = House::open();
    let caller = account(&house).await;
    let app = house.hub.create_app(&caller, None, named("one")).await.unwrap();
    assert_eq!(app.settings, model::record::AppSettings::default());
    let grant = house.hub.grant(caller, app.id).await.unwrap();
    let patch = SettingsPatch {
        use_animal_names: Some(true),
        conversation_retention_seconds: Patch::Set(60),
        ..SettingsPatch::default()
    };
    let changed = change(&house, &grant, patch).await.unwrap();
    assert!(changed.settings.use_animal_names && changed.settings.mask_credit_card_numbers);
    assert_eq!(changed.settings.conversation_retention_seconds, Some(60));
    let seen = house.hub.grant(grant.caller.clone(), app.id).await.unwrap();
    assert_eq!(*seen.app, changed, "the next request sees the change");
    let patch = SettingsPatch { conversation_retention_seconds: Patch::Clear, ..SettingsPatch::default() };
    assert_eq!(change(&house, &grant, patch).await.unwrap().settings.conversation_retention_seconds, None);
}

#[tokio::test]
async fn settings_that_need_others_are_refused_without_them() {
    let house = House::open();
    let caller = account(&house).await;
    let ends = SettingsPatch { end_session_enabled: Some(true), ..SettingsPatch::default() };
    let stays_closed = SettingsPatch { disable_conversation_reopen: Some(true), ..SettingsPatch::default() };
    for settings in [&ends, &stays_closed] {
        let draft = AppDraft { settings: settings.clone(), ..named("x") };
        let refused = house.hub.create_app(&caller, None, draft).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    let app = house.hub.create_app(&caller, None, named("x")).await.unwrap();
    let grant = house.hub.grant(caller, app.id).await.unwrap();
    for settings in [&ends, &stays_closed] {
        let refused = change(&house, &grant, settings.clone()).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    }
    change(&house, &grant, SettingsPatch { multi_convo_enabled: Some(true), ..ends }).await.unwrap();
    change(&house, &grant, stays_closed).await.unwrap();
    let off = SettingsPatch { multi_convo_enabled: Some(false), ..SettingsPatch::default() };
    let refused = change(&house, &grant, off).await;
    assert!(matches!(refused, Err(HubError::Invalid(_))), "{refused:?}");
    let negative =
        SettingsPatch { conversation_retention_seconds: Patch::Set(-1), ..SettingsPatch::default() };
    assert!(matches!(change(&house, &grant, negative).await, Err(HubError::Invalid(_))));
}

#[tokio::test]
async fn metadata_are_merged_removed_and_limited() {
    let house = House::open();
    let caller = account(&house).await;
    let draft = AppDraft { metadata: object(json!({ "a": 1, "b": "x" })), ..named("x") };
    let app = house.hub.create_app(&caller, None, draft).await.unwrap();
    let grant = house.hub.grant(caller.clone(), app.id).await.unwrap();
    let patched =
        async |metadata| house.hub.update_app(&grant, AppPatch { metadata, ..AppPatch::default() }).await;
    let merged = patched(Patch::Set(object(json!({ "a": null, "c": true })))).await.unwrap();
    assert_eq!(Value::from(merged.metadata), json!({ "b": "x", "c": true }));
    for bad in [json!({ "d": "x".repeat(4_096) }), json!({ "d": [] })] {
        assert!(matches!(patched(Patch::Set(object(bad))).await, Err(HubError::Invalid(_))));
    }
    assert!(patched(Patch::Clear).await.unwrap().metadata.is_empty());
    let draft = AppDraft { metadata: object(json!({ "a": null })), ..named("x") };
    assert!(matches!(house.hub.create_app(&caller, None, draft).await, Err(HubError::Invalid(_))));
}

#[tokio::test]
async fn only_accounts_make_and_list_apps_and_each_sees_its_own() {
    let house = House::open();
    let (one, two) = (account(&house).await, account(&house).await);
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(house.hub.create_app(&one, None, named(name)).await.unwrap().id);
    }
    house.hub.create_app(&two, None, named("foreign")).await.unwrap();
    let ids = async |cursor, size| {
        let page = house.hub.list_apps(&one, PageRequest { cursor, size }).await.unwrap();
        (page.items.iter().map(|app| app.id).collect::<Vec<_>>(), page.has_next, page.has_previous)
    };
    assert_eq!(ids(Cursor::Start, 2).await, (made[..2].to_vec(), true, false));
    assert_eq!(ids(Cursor::After(made[1]), 2).await, (made[2..].to_vec(), false, true));
    assert_eq!(ids(Cursor::Before(made[2]), 1).await, (made[1..2].to_vec(), true, true));
    let grant = house.hub.grant(one.clone(), made[0]).await.unwrap();
    let key = house.hub.create_app_key(&grant, "k").await.unwrap();
    let app_caller = house.holder(&key.credential.id).await;
    assert_eq!(app_caller.scope(), Scope::App);
    let refused = house.hub.create_app(&app_caller, None, named("x")).await;
    assert!(matches!(refused, Err(HubError::Forbidden(_))), "{refused:?}");
    let refused = house.hub.list_apps(&app_caller, PageRequest { cursor: Cursor::Start, size: 1 }).await;
    assert!(matches!(refused, Err(HubError::Forbidden(_))), "{refused:?}");
}

#[tokio::test]
async fn a_repeated_request_makes_one_app() {
    let house = House::open();
    let caller = account(&house).await;
    let once = || Some(Once::new("k", "POST", "/v2/apps", b"{}"));
    let made = house.hub.create_app(&caller, once(), named("x")).await.unwrap();
    let again = house.hub.create_app(&caller, once(), named("x")).await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(result, made.id.to_string());
    let page = house.hub.list_apps(&caller, PageRequest { cursor: Cursor::Start, size: 10 }).await.unwrap();
    assert_eq!(page.items, [made]);
}

#[tokio::test]
async fn a_deleted_app_is_gone_at_once_with_its_keys_and_webhooks() {
    let house = House::open();
    let caller = account(&house).await;
    let app = house.hub.create_app(&caller, None, named("x")).await.unwrap();
    let grant = house.hub.grant(caller.clone(), app.id).await.unwrap();
    let app_key = house.hub.create_app_key(&grant, "k").await.unwrap();
    let custom = house.custom(&grant).await.integration.id;
    let integration_key = house.hub.create_integration_key(&grant, custom, "k").await.unwrap();
    let user = house.user(&grant, "u").await;
    let conversation = house.conversation(&grant, &[&user]).await;
    house.say(&grant, conversation, Some(&user), "hello").await;
    let app_caller = house.holder(&app_key.credential.id).await;
    assert_eq!(house.hub.outbox().subscribers().await.unwrap().len(), 1);

    house.hub.delete_app(&grant).await.unwrap();
    for key in [&app_key, &integration_key] {
        assert!(house.hub.live_key(&key.credential.id).await.unwrap().is_none());
    }
    assert!(house.hub.outbox().subscribers().await.unwrap().is_empty());
    let seen = house.hub.grant(caller.clone(), app.id).await.err();
    assert!(matches!(seen, Some(HubError::NotFound(Thing::App))), "{seen:?}");
    let seen = house.hub.grant(app_caller, app.id).await.err();
    assert!(matches!(seen, Some(HubError::Forbidden(_))), "{seen:?}");
    for result in [
        house.hub.delete_app(&grant).await,
        house.hub.update_app(&grant, AppPatch::default()).await.map(drop),
    ] {
        assert!(matches!(result, Err(HubError::NotFound(Thing::App))), "{result:?}");
    }
    let page = house.hub.list_apps(&caller, PageRequest { cursor: Cursor::Start, size: 10 }).await.unwrap();
    assert!(page.items.is_empty());

    house.hub.sweep().await.unwrap();
    let again = house
        .write(move |tx, _| {
            Box::pin(async move {
                Ok(apps::page(tx, app.account, store::rows::Seek::After(model::Id::MIN), 9).await?)
            })
        })
        .await;
    assert!(again.is_empty());
    let mut reader = house.hub.reader().await.unwrap();
    assert!(
        store::rows::sweeps::waiting(&mut reader, 0, 9).await.unwrap().is_empty(),
        "nothing is left to sweep"
    );
}
