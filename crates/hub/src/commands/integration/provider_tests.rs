//! What providers are told when integrations change and go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use model::patch::Patch;
use model::record::{Integration, IntegrationStatus};
use model::{Id, Millis};
use serde_json::{Map, Value, json};

use super::*;
use crate::Sign;
use crate::channel::OpenChannel;
use crate::test_support::House;
use crate::{Grant, Hub, IntegrationView};

/// A provider that takes every token but `bad`, and notes what it is told.
#[derive(Clone, Default)]
pub(crate) struct Notebook {
    told: Arc<Mutex<Vec<String>>>,
    /// Whether it fails whatever it is told of what is gone, or of where we are now.
    pub is_down: Arc<AtomicBool>,
    /// Whether our address is another one than it knows.
    pub has_moved: Arc<AtomicBool>,
}

impl Notebook {
    pub(crate) fn hand_to(house: &House) -> Notebook {
        let notebook = Notebook::default();
        house.hub.use_provisioner(Arc::new(notebook.clone()));
        notebook
    }

    /// What it was told since the last time.
    pub(crate) fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    fn note(&self, what: &str, channel: &OpenChannel) -> String {
        let token = channel.secrets.get("token").and_then(Value::as_str).unwrap_or("none").to_owned();
        self.told.lock().unwrap().push(format!("{what} {token}"));
        token
    }
}

impl Provisioner for Notebook {
    fn is_connected(&self, kind: &str) -> bool {
        kind == "telegram"
    }

    fn provision<'a>(
        &'a self,
        _: &'a Hub,
        channel: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<Provisioned, String>> {
        let token = self.note("set up", channel);
        let provisioned = Provisioned {
            config: object(json!({ "botId": format!("bot of {token}") })),
            secrets: object(json!({ "hook": format!("secret of {token}") })),
            caveat: (token == "deaf").then(|| "it cannot be heard".to_owned()),
        };
        let is_bad =
            token == "bad" || self.is_down.load(Ordering::Acquire) && self.has_moved.load(Ordering::Acquire);
        let answer = if is_bad { Err("no such token".to_owned()) } else { Ok(provisioned) };
        Box::pin(std::future::ready(answer))
    }

    fn withdraw<'a>(&'a self, _: &'a Hub, channel: &'a OpenChannel) -> BoxFuture<'a, Result<(), String>> {
        self.note("withdraw", channel);
        let is_down = self.is_down.load(Ordering::Acquire);
        Box::pin(std::future::ready(if is_down { Err("down".to_owned()) } else { Ok(()) }))
    }

    /// Tokens with a number before them have an account that only one integration can have.
    fn sole_account(&self, channel: &OpenChannel) -> Option<String> {
        let token = channel.secrets.get("token").and_then(Value::as_str)?;
        token.split_once(':').map(|(account, _)| account.to_owned())
    }

    /// It knows the new address of whatever it was told since.
    fn is_registered(&self, channel: &OpenChannel) -> bool {
        !self.has_moved.load(Ordering::Acquire)
            || channel.integration.last_good_at > channel.integration.created_at.into()
    }

    /// Whatever has the same name before the sign shares one address.
    fn is_heir(&self, leaving: &OpenChannel, living: &OpenChannel) -> bool {
        let group = |channel: &OpenChannel| {
            let token = channel.secrets.get("token").and_then(Value::as_str).unwrap_or_default();
            token.split_once('@').map(|(_, group)| group.to_owned())
        };
        group(leaving).is_some() && group(leaving) == group(living)
    }

    fn hand_over<'a>(
        &'a self,
        _: &'a Hub,
        leaving: &'a OpenChannel,
        heir: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<(), String>> {
        self.note("from", leaving);
        self.note("to", heir);
        let is_down = self.is_down.load(Ordering::Acquire);
        Box::pin(std::future::ready(if is_down { Err("down".to_owned()) } else { Ok(()) }))
    }

    fn is_held_by(&self, gone: &Integration, living: &Integration) -> bool {
        gone.config.get("botId") == living.config.get("botId")
    }

    fn again_at(&self, attempts: i64, now: Millis) -> Option<Millis> {
        (attempts < 4).then(|| now.plus(1_000 << attempts))
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn telegram(token: &str) -> IntegrationDraft {
    let secrets = object(json!({ "token": token }));
    IntegrationDraft { kind: "telegram".into(), secrets, ..IntegrationDraft::default() }
}

async fn patched(house: &House, grant: &Grant, id: Id, secrets: Value) -> Result<IntegrationView> {
    let secrets = object(secrets);
    let patch =
        IntegrationPatch { secrets, name: Patch::Set("changed".into()), ..IntegrationPatch::default() };
    house.hub.update_integration(grant, id, patch).await
}

fn secrets(house: &House, view: &IntegrationView) -> Value {
    open_secrets(house.hub.sealer(), view.integration.sealed_secrets.as_deref()).unwrap().into()
}

#[tokio::test]
async fn another_token_is_tried_before_it_is_kept() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap();
    assert_eq!(provider.told(), ["set up one"]);
    let id = made.integration.id;

    let refused = patched(&house, &grant, id, json!({ "token": "bad" })).await;
    let Err(HubError::Invalid(reason)) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("no such token"), "{reason}");
    assert_eq!(provider.told(), ["set up bad"]);
    assert_eq!(house.hub.integration(&grant, id).await.unwrap(), made, "nothing is changed");

    house.hub.note_sign(&made.integration, Sign::Refused("dead".into())).await.unwrap();
    house.clock.advance(5);
    let changed = patched(&house, &grant, id, json!({ "token": "two" })).await.unwrap();
    assert_eq!(provider.told(), ["set up two", "withdraw one"]);
    assert_eq!(secrets(&house, &changed), json!({ "token": "two", "hook": "secret of two" }));
    let now = changed.integration;
    assert_eq!(Value::from(now.config), json!({ "botId": "bot of two" }));
    assert_eq!((now.status, now.health_reason), (IntegrationStatus::Active, None));
    assert_eq!(now.last_good_at, Some(house.hub.now()));
}

#[tokio::test]
async fn what_does_not_work_with_new_secrets_is_shown() {
    let house = House::open();
    let grant = house.app().await;
    Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("deaf")).await.unwrap();
    let caveat = Some("it cannot be heard".to_owned());
    assert_eq!((made.integration.status, made.health_reason), (IntegrationStatus::Active, caveat.clone()));
    let id = made.integration.id;
    let heard = patched(&house, &grant, id, json!({ "token": "one" })).await.unwrap();
    assert_eq!(heard.health_reason, None);
    let deaf = patched(&house, &grant, id, json!({ "token": "deaf" })).await.unwrap();
    assert_eq!((deaf.integration.status, deaf.health_reason), (IntegrationStatus::Active, caveat));
}

#[tokio::test]
async fn a_provider_is_asked_only_when_there_is_something_to_ask() {
    let house = House::open();
    let grant = house.app().await;
    let provider = Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap().integration;
    let other = IntegrationDraft { kind: "viber".into(), ..telegram("x") };
    let unconnected = house.hub.create_integration(&grant, other).await.unwrap();
    let why = "channel not connected: this server does not speak viber yet";
    assert_eq!(unconnected.health_reason.as_deref(), Some(why));
    assert_eq!(house.hub.integration(&grant, made.id).await.unwrap().health_reason, None);
    let unconnected = unconnected.integration;
    provider.told();
    patched(&house, &grant, made.id, json!({})).await.unwrap();
    patched(&house, &grant, unconnected.id, json!({ "token": "y" })).await.unwrap();
    let unknown = IntegrationPatch {
        secrets: object(json!({ "token": "two" })),
        default_responder: Patch::Set("nobody".into()),
        ..IntegrationPatch::default()
    };
    house.hub.update_integration(&grant, made.id, unknown).await.unwrap_err();
    assert_eq!(provider.told(), Vec::<String>::new());

    // The same token, given once more, is worth a question, and the more after it was refused.
    patched(&house, &grant, made.id, json!({ "token": "one" })).await.unwrap();
    assert_eq!(provider.told(), ["set up one"]);
    house.hub.note_sign(&made, Sign::Refused("dead".into())).await.unwrap();
    let healed = patched(&house, &grant, made.id, json!({ "token": "one" })).await.unwrap();
    assert_eq!(healed.integration.status, IntegrationStatus::Active);
    assert_eq!(provider.told(), ["set up one"], "the sender is the same");
}

#[tokio::test]
async fn what_the_provider_refuses_can_rest_and_is_tried_anew_afterwards() {
    let house = House::open();
    let grant = house.app().await;
    Notebook::hand_to(&house);
    let made = house.hub.create_integration(&grant, telegram("one")).await.unwrap().integration;
    let rest = async |paused| {
        let patch = IntegrationPatch { paused: Some(paused), ..IntegrationPatch::default() };
        let now = house.hub.update_integration(&grant, made.id, patch).await.unwrap().integration;
        (now.status, now.health_reason)
    };
    house.hub.note_sign(&made, Sign::Refused("dead".into())).await.unwrap();
    assert_eq!(rest(true).await, (IntegrationStatus::Paused, None));
    // What is still heard of the provider does not wake it.
    house.hub.note_sign(&made, Sign::Refused("dead".into())).await.unwrap();
    assert_eq!(rest(true).await, (IntegrationStatus::Paused, None));
    assert_eq!(rest(false).await, (IntegrationStatus::Active, None));
    house.hub.note_sign(&made, Sign::Refused("still".into())).await.unwrap();
    assert_eq!(rest(false).await, (IntegrationStatus::Error, Some("still".into())), "it did not rest");
}
