//! Endpoints beside what other dialects make of their integrations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::record::{EventForm, Role};
use store::rows::subscriptions;

use super::{EndpointDraft, EndpointPatch, EndpointSettings};
use crate::test_support::{House, webhook};

const OWN: &str = "https://hooks.example.org/own";
const THEIRS: &str = "https://hooks.example.org/theirs";

fn at(target: Option<&str>) -> EndpointSettings {
    EndpointSettings { target: target.map(str::to_owned), ..EndpointSettings::default() }
}

#[tokio::test]
async fn an_endpoint_changes_its_own_subscription_and_no_webhook() {
    let house = House::open();
    let grant = house.app().await;
    let draft = EndpointDraft {
        name: "bot".into(),
        paused: false,
        role: Role::Bot,
        surface: "Direct".into(),
        form: EventForm::Hubster,
        config: Default::default(),
        secrets: Default::default(),
        account: None,
        settings: at(None),
    };
    let made = house.hub.create_endpoint(&grant, draft).await.unwrap().integration;
    let beside = house.hub.create_webhook(&grant, made.id, webhook(THEIRS)).await.unwrap();
    let there = async || {
        let reader = &mut house.hub.reader().await.unwrap();
        let found = subscriptions::of_integration(reader, made.key).await.unwrap();
        found.into_iter().map(|found| (found.form, found.target)).collect::<Vec<_>>()
    };
    let theirs = (EventForm::Sunshine, THEIRS.to_owned());
    for (target, own) in [(None, None), (Some(OWN), Some((EventForm::Hubster, OWN.to_owned()))), (None, None)]
    {
        let patch =
            EndpointPatch { settings: Some(at(target)), renew_keys: true, ..EndpointPatch::default() };
        house.hub.update_endpoint(&grant, made.id, EventForm::Hubster, patch).await.unwrap();
        let wanted: Vec<_> = std::iter::once(theirs.clone()).chain(own).collect();
        assert_eq!(there().await, wanted);
        // Nor has it another secret.
        assert_eq!(house.hub.webhook(&grant, made.id, beside.subscription.id).await.unwrap(), beside);
    }
}
