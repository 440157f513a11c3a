//! What the hub makes of conversions, with a provider that answers as it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use model::Id;
use model::channel::{Inbound, InboundEvent, InboundMessage, Person};
use model::content::{Content, Text};
use model::record::{Client, Integration, IntegrationStatus};
use serde_json::{Map, Value, json};
use store::rows::conversations;

use super::{ConversionReporter, ConversionsRefused, ConversionsTaken};
use crate::channel::OpenChannel;
use crate::error::{HubError, Result};
use crate::test_support::House;
use crate::{Grant, Hub, IntegrationPatch, Once};

type Answer = Result<ConversionsTaken, ConversionsRefused>;

/// A provider that gives the answers of a list, and notes of whom it was told.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<(Vec<Answer>, Vec<String>)>>);

impl ConversionReporter for Provider {
    fn report<'a>(
        &'a self,
        _: &'a Hub,
        _: &'a OpenChannel,
        client: &'a Client,
        payload: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Answer> {
        let mut held = self.0.lock().unwrap();
        held.1.push(format!("{} {}", client.external_id.clone().unwrap(), Value::from(payload.clone())));
        Box::pin(std::future::ready(held.0.remove(0)))
    }
}

struct Shop {
    house: House,
    grant: Grant,
    integration: Integration,
    provider: Provider,
    conversation: Id,
}

impl Shop {
    async fn open(answers: Vec<Answer>) -> Shop {
        let house = House::open();
        let grant = house.app().await;
        let integration = house.channel(&grant, "messenger").await;
        let provider = Provider::default();
        provider.0.lock().unwrap().0 = answers;
        house.hub.use_conversion_reporter(Arc::new(provider.clone()));
        let text = Text { text: Some("Hello".into()), ..Text::default() };
        let said = InboundMessage {
            external_id: "m1".into(),
            content: Content::Text(text),
            media: Vec::new(),
            quoted: None,
            original: None,
        };
        let person = Person { external_id: "psid".into(), ..Person::default() };
        let event = InboundEvent::Message(said);
        let told = Inbound { dedupe_key: "m1".into(), serial: 0, at: None, person, event };
        let open = house.hub.channel(integration.id).await.unwrap().unwrap();
        house.hub.receive(vec![(open, vec![told])]).await.unwrap();
        let key = house.events().await[0].conversation;
        let reader = &mut *house.hub.reader().await.unwrap();
        let conversation = conversations::by_key(reader, key).await.unwrap().unwrap().id;
        Shop { house, grant, integration, provider, conversation }
    }

    async fn report(&self, conversation: Id, kind: &str) -> Result<ConversionsTaken> {
        let payload = json!({ "data": [] }).as_object().unwrap().clone();
        self.house.hub.report_conversions(&self.grant, conversation, kind, &payload).await
    }

    async fn refusal(&self, kind: &str) -> String {
        match self.report(self.conversation, kind).await {
            Err(HubError::Invalid(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    async fn health(&self) -> (IntegrationStatus, Option<String>) {
        let now = self.house.hub.integration(&self.grant, self.integration.id).await.unwrap().integration;
        (now.status, now.health_reason)
    }
}

#[tokio::test]
async fn the_provider_is_told_of_the_conversations_client() {
    let taken = ConversionsTaken { dataset_id: "77".into(), received: 2 };
    let shop = Shop::open(vec![Ok(taken.clone())]).await;
    assert_eq!(shop.report(shop.conversation, "messenger").await.unwrap(), taken);
    assert_eq!(shop.provider.0.lock().unwrap().1, [r#"psid {"data":[]}"#]);
    assert_eq!(shop.refusal("whatsapp").await, "whatsapp: the conversation has no client of this channel");
    let unknown = shop.report(shop.integration.id, "messenger").await;
    assert!(matches!(unknown, Err(HubError::NotFound(_))), "{unknown:?}");
}

#[tokio::test]
async fn a_refused_token_turns_the_integration_to_error_and_a_refused_event_does_not() {
    let shop = Shop::open(vec![
        Err(ConversionsRefused::Reason("too old".into())),
        Err(ConversionsRefused::DeadToken("190: expired".into())),
        Ok(ConversionsTaken { dataset_id: "77".into(), received: 1 }),
    ])
    .await;
    assert_eq!(shop.refusal("messenger").await, "messenger: too old");
    assert_eq!(shop.health().await, (IntegrationStatus::Active, None));
    let reason = shop.refusal("messenger").await;
    assert_eq!(reason, "messenger: the provider refuses the integration's token: 190: expired");
    assert_eq!(shop.health().await, (IntegrationStatus::Error, Some("190: expired".into())));
    shop.report(shop.conversation, "messenger").await.unwrap();
    assert_eq!(shop.health().await, (IntegrationStatus::Active, None), "the token lives");
}

#[tokio::test]
async fn nothing_is_told_while_the_integration_rests() {
    let shop = Shop::open(Vec::new()).await;
    let patch = IntegrationPatch { paused: Some(true), ..IntegrationPatch::default() };
    shop.house.hub.update_integration(&shop.grant, shop.integration.id, patch).await.unwrap();
    assert_eq!(shop.refusal("messenger").await, "messenger: the integration is paused");
}

#[tokio::test]
async fn a_repeat_under_the_same_key_tells_the_provider_nothing() {
    let taken = ConversionsTaken { dataset_id: "7 7".into(), received: 2 };
    let answers = vec![Err(ConversionsRefused::Reason("try again".into())), Ok(taken.clone())];
    let mut shop = Shop::open(answers).await;
    shop.grant = shop.grant.once(Once::new("k", "POST", "/conversionEvents", b"{}"));
    assert_eq!(shop.refusal("messenger").await, "messenger: try again");
    assert_eq!(shop.report(shop.conversation, "messenger").await.unwrap(), taken, "a failure is no result");
    match shop.report(shop.conversation, "messenger").await {
        Err(HubError::Repeated { result }) => assert_eq!(ConversionsTaken::read(&result), Some(taken)),
        other => panic!("{other:?}"),
    }
    assert_eq!(shop.provider.0.lock().unwrap().1.len(), 2);
}
