#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::event::{ClientRemoveReason, EventType, Reason};
use model::patch::Patch;
use model::record::{Identity, UserKey};
use serde_json::{Value, json};
use store::rows::users;

use super::*;
use crate::error::{HubError, Thing};
use crate::page::{Cursor, PageRequest};
use crate::test_support::{House, participant};
use crate::{Grant, UserRef};

fn named(name: impl ToString) -> UserRef {
    UserRef::new(name.to_string())
}

fn metadata(value: Value) -> model::content::Metadata {
    value.as_object().unwrap().clone()
}

fn page(size: usize) -> PageRequest {
    PageRequest { cursor: Cursor::Start, size }
}

async fn is_unknown(house: &House, grant: &Grant, user: &UserRef) -> bool {
    matches!(house.hub.user(grant, user).await, Err(HubError::NotFound(Thing::User)))
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_external_id_within_its_brand() {
    let house = House::open();
    let (grant, other) = (house.app().await, house.app().await);
    let plain = house.user(&grant, "jane/1@x").await;
    let draft = UserDraft {
        external_id: Some("jane/1@x".into()),
        brand_id: Some("blue".into()),
        ..UserDraft::default()
    };
    let blue = house.hub.create_user(&grant, draft.clone()).await.unwrap();
    let in_blue = UserRef { brand: Some("blue".into()), ..UserRef::new("jane/1@x") };

    assert_eq!(house.hub.user(&grant, &named("jane/1@x")).await.unwrap(), plain);
    assert_eq!(house.hub.user(&grant, &in_blue).await.unwrap(), blue);
    assert_eq!(house.hub.user(&grant, &named(blue.id)).await.unwrap(), blue, "an id needs no brand");
    assert!(is_unknown(&house, &grant, &named("Jane/1@x")).await, "case matters");
    assert!(is_unknown(&house, &other, &named(plain.id)).await, "another app's user");
    let again = house.hub.create_user(&grant, draft).await;
    assert!(matches!(again, Err(HubError::Conflict(_))), "{again:?}");
    let nameless = house.hub.create_user(&grant, UserDraft::default()).await.unwrap();
    assert_ne!(nameless.id, house.hub.create_user(&grant, UserDraft::default()).await.unwrap().id);
    assert_eq!(nameless.signed_up_at, house.hub.now());
}

#[tokio::test]
async fn an_external_id_may_look_like_an_id_or_come_encoded_like_a_form() {
    let house = House::open();
    let grant = house.app().await;
    let first = house.user(&grant, "first last").await;
    let hex = house.user(&grant, "0123456789abcdef01234567").await;
    let shadowed = house.user(&grant, &first.id.to_string()).await;

    let form = UserRef { name_as_form: Some("first last".to_owned()), ..UserRef::new("first+last") };
    assert_eq!(house.hub.user(&grant, &form).await.unwrap().id, first.id);
    assert!(house.hub.user(&grant, &named("first+last")).await.is_err());
    assert_eq!(house.hub.user(&grant, &named("0123456789abcdef01234567")).await.unwrap().id, hex.id);
    assert_eq!(house.hub.user(&grant, &named(first.id)).await.unwrap().id, first.id, "the id goes first");
    assert_eq!(house.hub.user(&grant, &named(shadowed.id)).await.unwrap().id, shadowed.id);
    let plus = house.user(&grant, "first+last").await;
    assert_eq!(house.hub.user(&grant, &form).await.unwrap().id, plus.id, "a plus that is one goes first");
}

#[tokio::test]
async fn a_patch_changes_key_by_key() {
    let house = House::open();
    let grant = house.app().await;
    let user = house.user(&grant, "u").await;
    let patch = |value: Value| UserPatch { metadata: Patch::Set(metadata(value)), ..UserPatch::default() };
    house.hub.update_user(&grant, named("u"), patch(json!({ "a": 1, "b": "two" }))).await.unwrap();
    let profile = ProfilePatch {
        given_name: Patch::Clear,
        surname: Patch::Set("Doe".into()),
        ..ProfilePatch::default()
    };
    let change = UserPatch {
        profile: Patch::Set(profile),
        to_be_retained: Patch::Set(true),
        ..patch(json!({ "a": null, "c": true }))
    };
    let changed = house.hub.update_user(&grant, named(user.id), change).await.unwrap();

    assert_eq!(changed.profile.full_name().as_deref(), Some("Doe"));
    assert_eq!(Value::from(changed.metadata.clone()), json!({ "b": "two", "c": true }));
    assert_eq!((changed.to_be_retained, changed.signed_up_at), (Some(true), user.signed_up_at));
    assert_eq!(house.hub.user(&grant, &named("u")).await.unwrap(), changed);

    let large = house.hub.update_user(&grant, named("u"), patch(json!({ "d": "x".repeat(4_080) }))).await;
    assert!(matches!(large, Err(HubError::Invalid(_))), "{large:?}");
    assert_eq!(house.hub.user(&grant, &named("u")).await.unwrap(), changed, "nothing has changed");
    let clear = UserPatch { metadata: Patch::Clear, profile: Patch::Clear, ..UserPatch::default() };
    let cleared = house.hub.update_user(&grant, named("u"), clear).await.unwrap();
    assert!(cleared.metadata.is_empty() && cleared.profile == Default::default());
    assert!(house.events().await.is_empty(), "no event tells it");
}

#[tokio::test]
async fn a_deleted_user_is_gone_at_once_and_the_end_is_told_last() {
    let house = House::open();
    let grant = house.app().await;
    let (user, friend) = (house.user(&grant, "u").await, house.user(&grant, "friend").await);
    let own = house.conversation(&grant, &[&user]).await;
    let group = house.conversation(&grant, &[&user, &friend]).await;
    let subscribed = crate::ParticipantDraft { subscribe_sdk_client: true, ..participant(&user) };
    let second = house.conversation(&grant, &[&friend, &house.user(&grant, "x").await]).await;
    // Somebody waits for what is told, so that it is kept.
    let mut hearing = crate::test_support::webhook("https://hooks.example.org/in");
    hearing.triggers = vec![EventType::ConversationLeave, EventType::ClientRemove, EventType::UserRemove];
    let custom = house.custom(&grant).await.integration.id;
    house.hub.create_webhook(&grant, custom, hearing).await.unwrap();
    house.hub.join_conversation(&grant, second, subscribed).await.unwrap();
    house.say(&grant, own, Some(&user), "mine").await;
    house.say(&grant, group, Some(&user), "from user").await;
    house.say(&grant, group, Some(&friend), "from friend").await;
    house.say(&grant, group, None, "from business").await;
    let told = house.events().await.len();

    house.hub.delete_user(&grant, named("u")).await.unwrap();
    assert!(is_unknown(&house, &grant, &named(user.id)).await);
    assert!(matches!(house.hub.conversation(&grant, own).await, Err(HubError::NotFound(_))));
    let next = house.user(&grant, "u").await;
    house.hub.sweep().await.unwrap();

    let events = house.events().await.split_off(told);
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.name()).collect();
    let expected =
        ["conversation:remove", "conversation:leave", "conversation:leave", "client:remove", "user:remove"];
    assert_eq!(kinds, expected);
    for event in &events[1..] {
        let detail = event.detail.as_ref().unwrap();
        assert_eq!(detail.user.as_ref().unwrap().external_id.as_deref(), Some("u"), "{:?}", event.kind);
    }
    let client = events[3].detail.as_ref().unwrap();
    assert_eq!(
        (client.reason, client.client.as_ref().unwrap().kind.as_str()),
        (Some(Reason::ClientRemove(ClientRemoveReason::ByCaller)), "sdk")
    );
    let left = house.hub.list_messages(&grant, group, page(100)).await.unwrap();
    let texts: Vec<String> = left.items.iter().map(crate::test_support::text_of).collect();
    assert_eq!(texts, ["from friend", "from business"]);
    let members = house.hub.list_participants(&grant, group, page(100)).await.unwrap().items;
    assert_eq!(members.iter().map(|member| member.user).collect::<Vec<_>>(), [friend.key]);
    assert_eq!(members[0].unread_count, 1, "the message of the business");
    assert_eq!(house.hub.conversation(&grant, group).await.unwrap().conversation.state.count, 2);
    let reader = &mut house.hub.reader().await.unwrap();
    assert!(users::by_key(reader, user.key).await.unwrap().is_none(), "no row is left");
    assert!(users::by_key(reader, next.key).await.unwrap().is_some());
    assert!(store::rows::sweeps::waiting(reader, 0, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_user_of_many_conversations_is_deleted_in_slices() {
    let house = House::open();
    let grant = house.app().await;
    let (user, friend) = (house.user(&grant, "u").await, house.user(&grant, "friend").await);
    let group = house.conversation(&grant, &[&user, &friend]).await;
    for n in 0..700 {
        house.say(&grant, group, (n % 7 == 0).then_some(&user), "text").await;
    }
    for _ in 0..130 {
        house.conversation(&grant, &[&user]).await;
    }
    house.hub.delete_user(&grant, named("u")).await.unwrap();
    house.hub.sweep().await.unwrap();

    assert_eq!(house.events_of(&[EventType::ConversationRemove]).await.len(), 130);
    let last = house.events().await.pop().unwrap();
    assert_eq!((last.kind, last.user), (EventType::UserRemove, user.key));
    let state = house.hub.conversation(&grant, group).await.unwrap().conversation.state;
    assert_eq!(state.count, 600);
    let members = house.hub.list_participants(&grant, group, page(100)).await.unwrap().items;
    assert_eq!(members[0].unread_count, 600);
}

#[tokio::test]
async fn forgetting_a_person_keeps_history_and_external_id() {
    let house = House::open();
    let grant = house.app().await;
    let (user, friend) = (house.user(&grant, "u").await, house.user(&grant, "friend").await);
    let own = house.conversation(&grant, &[&user]).await;
    let group = house.conversation(&grant, &[&user, &friend]).await;
    house.say(&grant, own, Some(&user), "mine").await;
    for _ in 0..600 {
        house.say(&grant, group, Some(&user), "from user").await;
    }
    house.say(&grant, group, Some(&friend), "from friend").await;
    identify(&house, &user, "u@example.org").await;

    let told = house.events().await.len();
    let left = house.hub.delete_personal_information(&grant, named("u")).await.unwrap();
    assert_eq!((left.external_id.as_deref(), left.id), (Some("u"), user.id));
    assert!(left.profile == Default::default() && left.metadata.is_empty() && left.identities.is_empty());
    assert_eq!(house.hub.user(&grant, &named("u")).await.unwrap(), left);
    let later = house.say(&grant, own, Some(&user), "later").await;
    house.hub.sweep().await.unwrap();

    let shown = |items: Vec<crate::MessageView>| -> Vec<Option<String>> {
        items.into_iter().map(|view| view.message.author.shown.display_name).collect()
    };
    let own = shown(house.hub.list_messages(&grant, own, page(100)).await.unwrap().items);
    assert_eq!(own, [None, later.message.author.shown.display_name]);
    let mut names = shown(house.hub.list_messages(&grant, group, page(700)).await.unwrap().items);
    assert_eq!(names.pop().flatten().as_deref(), Some("FRIEND"));
    assert_eq!(names, vec![None; 600]);
    assert_eq!(house.events().await.len(), told + 1, "only the later message is told");
}

async fn identify(house: &House, user: &model::record::User, email: &str) {
    let identity = Identity { kind: "email".into(), value: email.into(), verification: "sso".into() };
    let user = user.clone();
    house
        .write(move |tx, _| {
            let (user, identity) = (user.clone(), identity.clone());
            Box::pin(async move { Ok(users::add_identity(tx, &user, &identity).await?) })
        })
        .await;
}

#[tokio::test]
async fn users_are_listed_by_verified_address_only() {
    let house = House::open();
    let grant = house.app().await;
    let (plain, other) = (house.user(&grant, "plain").await, house.user(&grant, "other").await);
    let draft = UserDraft { brand_id: Some("blue".into()), ..UserDraft::default() };
    let blue = house.hub.create_user(&grant, draft).await.unwrap();
    let patch = ProfilePatch { email: Patch::Set("sue@example.org".into()), ..ProfilePatch::default() };
    let patch = UserPatch { profile: Patch::Set(patch), ..UserPatch::default() };
    house.hub.update_user(&grant, named("other"), patch).await.unwrap();
    identify(&house, &plain, "Sue@Example.org").await;
    identify(&house, &blue, "sue@example.ORG").await;

    let ids = |found: Vec<model::record::User>| -> Vec<UserKey> {
        found.into_iter().map(|user| user.key).collect()
    };
    let list = |brand| house.hub.list_users_by_email(&grant, "SUE@example.org", brand);
    assert_eq!(ids(list(None).await.unwrap()), [plain.key, blue.key]);
    assert_eq!(ids(list(Some("blue")).await.unwrap()), [blue.key]);
    assert_eq!(ids(list(Some("red")).await.unwrap()), []);
    assert_eq!(list(None).await.unwrap()[0].identities[0].value, "Sue@Example.org");
    identify(&house, &other, "sue@example.org").await;
    assert_eq!(ids(list(None).await.unwrap()), [other.key, blue.key], "the latest owner wins");
}

#[tokio::test]
async fn only_imported_users_can_be_synchronised() {
    let house = House::open();
    let grant = house.app().await;
    let user = house.user(&grant, "u").await;
    let unknown = house.hub.sync_user(&grant, "99", None).await;
    assert!(matches!(unknown, Err(HubError::NotFound(Thing::User))));
    for (external_id, zendesk_id) in [("a", "1"), ("b", "2")] {
        import(&house, &user, external_id, zendesk_id).await;
    }
    let a = house.hub.sync_user(&grant, "1", None).await.unwrap();
    assert_eq!(a.external_id.as_deref(), Some("a"));
    assert_eq!(house.hub.sync_user(&grant, "1", Some("1")).await.unwrap(), a);
    let missing = house.hub.sync_user(&grant, "1", Some("3")).await;
    assert!(matches!(missing, Err(HubError::NotFound(Thing::User))));

    let b = house.hub.sync_user(&grant, "1", Some("2")).await.unwrap();
    assert_eq!(b.external_id.as_deref(), Some("b"));
    assert!(is_unknown(&house, &grant, &named("a")).await);
    assert!(is_unknown(&house, &grant, &named(a.id)).await);
    let gone = house.hub.sync_user(&grant, "1", None).await;
    assert!(matches!(gone, Err(HubError::NotFound(Thing::User))));
}

async fn import(house: &House, like: &model::record::User, external_id: &str, zendesk_id: &str) {
    let user = model::record::User {
        external_id: Some(external_id.into()),
        zendesk_id: Some(zendesk_id.into()),
        ..like.clone()
    };
    house
        .write(move |tx, ctx| {
            let user = model::record::User { id: ctx.id(), ..user.clone() };
            Box::pin(async move { Ok(users::insert(tx, &user).await?) })
        })
        .await;
}
