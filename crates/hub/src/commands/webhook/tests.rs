#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::event::EventType;
use model::record::EventForm;
use store::rows::subscriptions;

use super::*;
use crate::error::{HubError, Result};
use crate::outbox::{Failure, Lane, Parked};
use crate::test_support::{House, webhook};
use crate::{Grant, Once, WebhookDraft, WebhookView};

const TARGET: &str = "https://hooks.example.org/2";

/// An app with a custom integration and the webhook that came with it.
async fn scene() -> (House, Grant, Id, WebhookView) {
    let house = House::open();
    let grant = house.app().await;
    let made = house.custom(&grant).await;
    (house, grant, made.integration.id, made.webhook.unwrap())
}

fn is_unknown<T: std::fmt::Debug>(result: Result<T>, thing: Thing) {
    assert!(matches!(&result, Err(HubError::NotFound(unknown)) if *unknown == thing), "{result:?}");
}

fn is_forbidden<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(HubError::Forbidden(_))), "{result:?}");
}

fn is_invalid<T: std::fmt::Debug>(result: Result<T>, about: &str) {
    assert!(matches!(&result, Err(HubError::Invalid(text)) if text.starts_with(about)), "{result:?}");
}

#[tokio::test]
async fn an_app_has_ten_however_many_integrations_it_has() {
    let (house, grant, one, _) = scene().await;
    let two = house.custom(&grant).await.integration.id;
    for number in 0..8 {
        let owner = if number % 2 == 0 { one } else { two };
        house.hub.create_webhook(&grant, owner, webhook(TARGET)).await.unwrap();
    }
    for owner in [one, two] {
        let refused = house.hub.create_webhook(&grant, owner, webhook(TARGET)).await;
        assert!(matches!(refused, Err(HubError::TooMany { thing: Thing::Webhook, max: 10 })), "{refused:?}");
    }
    let listed = house.hub.list_webhooks(&grant, two).await.unwrap();
    assert_eq!(listed.len(), 5);
    house.hub.delete_webhook(&grant, two, listed[0].subscription.id).await.unwrap();
    house.hub.create_webhook(&grant, one, webhook(TARGET)).await.unwrap();
    let neighbour = house.app().await;
    house.custom(&neighbour).await;
}

#[tokio::test]
async fn the_secret_is_sealed_readable_by_its_owner_and_stays() {
    let (house, grant, owner, first) = scene().await;
    let made = house.hub.create_webhook(&grant, owner, webhook(TARGET)).await.unwrap();
    assert!(made.secret.len() == 32 && made.secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(made.secret, first.secret);
    assert!(!format!("{made:?}").contains(&made.secret));
    let sealed = &made.subscription.sealed_secret;
    assert!(!sealed.windows(32).any(|bytes| bytes == made.secret.as_bytes()), "it lies open in the store");
    assert_eq!(house.hub.webhook(&grant, owner, made.subscription.id).await.unwrap(), made);
    assert_eq!(house.hub.list_webhooks(&grant, owner).await.unwrap(), [first, made.clone()], "oldest first");
    let patch = WebhookPatch {
        target: Some("https://hooks.example.org/3".into()),
        triggers: Some(vec![EventType::UserRemove, EventType::UserMerge, EventType::UserRemove]),
        ..WebhookPatch::default()
    };
    let changed = house.hub.update_webhook(&grant, owner, made.subscription.id, patch).await.unwrap();
    assert_eq!((&changed.secret, changed.subscription.include_full_user), (&made.secret, false));
    assert_eq!(changed.subscription.target, "https://hooks.example.org/3");
    let mut heard = changed.triggers();
    heard.sort_by_key(|kind| kind.name());
    assert_eq!(heard, [EventType::UserMerge, EventType::UserRemove], "duplicates do not count");
    let wide = WebhookPatch { include_full_source: Some(true), ..WebhookPatch::default() };
    let wide = house.hub.update_webhook(&grant, owner, made.subscription.id, wide).await.unwrap();
    assert!(wide.subscription.include_full_source && !wide.subscription.include_full_user);
    assert_eq!(wide.triggers(), changed.triggers());
}

#[tokio::test]
async fn internal_targets_and_silence_are_refused() {
    let (house, grant, owner, first) = scene().await;
    let id = first.subscription.id;
    for target in
        ["http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "ftp://a.example/", "x", ""]
    {
        is_invalid(house.hub.create_webhook(&grant, owner, webhook(target)).await, "target: ");
        let patch = WebhookPatch { target: Some(target.into()), ..WebhookPatch::default() };
        is_invalid(house.hub.update_webhook(&grant, owner, id, patch).await, "target: ");
    }
    let silent = WebhookDraft { triggers: Vec::new(), ..webhook(TARGET) };
    is_invalid(house.hub.create_webhook(&grant, owner, silent).await, "triggers: ");
    let silent = WebhookPatch { triggers: Some(Vec::new()), ..WebhookPatch::default() };
    is_invalid(house.hub.update_webhook(&grant, owner, id, silent).await, "triggers: ");
    assert_eq!(house.hub.list_webhooks(&grant, owner).await.unwrap(), [first]);

    let open = House::open_with(|settings| settings.allow_private_targets = true);
    let grant = open.app().await;
    let owner = open.custom(&grant).await.integration.id;
    open.hub.create_webhook(&grant, owner, webhook("http://127.0.0.1/")).await.unwrap();
}

/// The five operations on webhooks, each with a body that would be wrong.
async fn all_five(house: &House, grant: &Grant, owner: Id, id: Id) -> Vec<Result<()>> {
    let patch = || WebhookPatch { target: Some("x".into()), ..WebhookPatch::default() };
    vec![
        house.hub.create_webhook(grant, owner, webhook("x")).await.map(drop),
        house.hub.list_webhooks(grant, owner).await.map(drop),
        house.hub.webhook(grant, owner, id).await.map(drop),
        house.hub.update_webhook(grant, owner, id, patch()).await.map(drop),
        house.hub.delete_webhook(grant, owner, id).await,
    ]
}

#[tokio::test]
async fn who_may_not_is_told_so_before_what_is_wrong() {
    let (house, grant, one, of_one) = scene().await;
    let two = house.custom(&grant).await.integration.id;
    let as_two = house.as_integration(&grant, two).await;
    let id = of_one.subscription.id;
    let web = house.integration(&grant, "web").await.id;
    for refused in all_five(&house, &grant, web, id).await {
        is_forbidden(refused);
    }
    for refused in all_five(&house, &as_two, one, id).await {
        is_forbidden(refused);
    }
    let foreign = house.app().await;
    for refused in all_five(&house, &foreign, one, id).await {
        is_unknown(refused, Thing::Integration);
    }
    // Under its own integration a webhook of another one is not there.
    for (caller, owner) in [(&grant, two), (&as_two, two)] {
        is_unknown(house.hub.webhook(caller, owner, id).await, Thing::Webhook);
        is_unknown(
            house.hub.update_webhook(caller, owner, id, WebhookPatch::default()).await,
            Thing::Webhook,
        );
        is_unknown(house.hub.delete_webhook(caller, owner, id).await, Thing::Webhook);
    }
    let own = house.hub.create_webhook(&as_two, two, webhook(TARGET)).await.unwrap();
    house.hub.delete_webhook(&as_two, two, own.subscription.id).await.unwrap();
    assert_eq!(house.hub.list_webhooks(&grant, one).await.unwrap(), [of_one]);
}

#[tokio::test]
async fn it_hears_what_happens_from_now_on() {
    let (house, grant, owner, _) = scene().await;
    let user = house.user(&grant, "ann").await;
    let talk = house.conversation(&grant, &[&user]).await;
    house.say(&grant, talk, Some(&user), "before").await;
    let newest = house.events().await.last().unwrap().sequence;
    let made = house.hub.create_webhook(&grant, owner, webhook(TARGET)).await.unwrap();
    assert_eq!(made.subscription.settled_through, newest);
}

#[tokio::test]
async fn a_deleted_one_leaves_nothing_that_waits_or_is_dead() {
    let (house, grant, owner, only) = scene().await;
    let user = house.user(&grant, "ann").await;
    let talk = house.conversation(&grant, &[&user]).await;
    house.say(&grant, talk, Some(&user), "hello").await;
    let event = house.events_of(&[EventType::ConversationMessage]).await.pop().unwrap();
    let (outbox, key) = (house.hub.outbox(), only.subscription.key);
    let parked = Parked {
        subscription: key,
        lane: Lane::Conversation(event.conversation),
        first: event.sequence,
        last: event.sequence,
        attempts: 1,
        next_at: event.at,
        status: None,
        error: None,
        parked_at: event.at,
    };
    outbox.park(parked).await.unwrap();
    let failure = Failure { status: None, error: "refused".into() };
    outbox.bury(grant.app.key, key, event.sequence, 5, failure).await.unwrap();
    assert_eq!(outbox.counts().await.unwrap(), (1, 1));

    house.hub.delete_webhook(&grant, owner, only.subscription.id).await.unwrap();
    assert!(outbox.subscribers().await.unwrap().is_empty());
    is_unknown(house.hub.delete_webhook(&grant, owner, only.subscription.id).await, Thing::Webhook);
    house.hub.sweep().await.unwrap();
    assert_eq!(outbox.counts().await.unwrap(), (0, 0));
    assert!(house.hub.integration(&grant, owner).await.is_ok(), "the integration stays without any");
}

#[tokio::test]
async fn one_of_another_api_is_seen_but_not_listed_counted_or_changed() {
    let (house, grant, owner, first) = scene().await;
    let row = first.subscription.clone();
    let foreign = house
        .write(move |tx, ctx| {
            let mut row = row.clone();
            Box::pin(async move {
                (row.id, row.form) = (ctx.id(), EventForm::Hubster);
                row.key = subscriptions::insert(tx, &row).await?;
                Ok(row)
            })
        })
        .await;
    assert_eq!(house.hub.list_webhooks(&grant, owner).await.unwrap(), [first]);
    assert_eq!(house.hub.webhook(&grant, owner, foreign.id).await.unwrap().subscription, foreign);
    is_forbidden(house.hub.update_webhook(&grant, owner, foreign.id, WebhookPatch::default()).await);
    is_forbidden(house.hub.delete_webhook(&grant, owner, foreign.id).await);
    for _ in 0..9 {
        house.hub.create_webhook(&grant, owner, webhook(TARGET)).await.unwrap();
    }
}

#[tokio::test]
async fn a_repeated_request_adds_one() {
    let (house, grant, owner, _) = scene().await;
    let grant = grant.once(Once::new("k", "POST", "/webhooks", b"{}"));
    let made = house.hub.create_webhook(&grant, owner, webhook(TARGET)).await.unwrap();
    let again = house.hub.create_webhook(&grant, owner, webhook(TARGET)).await;
    let Err(HubError::Repeated { result }) = again else { panic!("{again:?}") };
    assert_eq!(result, made.subscription.id.to_string());
    assert_eq!(house.hub.list_webhooks(&grant, owner).await.unwrap().len(), 2);
}
