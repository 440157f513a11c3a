//! Webhooks of System and Direct integrations: bodies, headers, signature (hubster.md §7).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use hub::Hub;
use hub::outbox::{EventRenderer, EventView, Retries, Subscriber};
use model::Id;
use model::record::{Endpoint, EventForm, Role};
use sha2::Sha256;
use wire::hubster::types::WebhookBody;

use crate::FORM;
use crate::activity::{of_event, properties};

/// Six attempts at 0, 2, 6, 12, 20 and 30 min, 10 s each; no answer but 2xx is final (decision 29).
const RETRIES: Retries = Retries {
    pauses_ms: &[120_000, 240_000, 360_000, 480_000, 600_000],
    final_statuses: &[],
    timeout: Duration::from_secs(10),
};

/// Writes activities as webhooks.
pub struct HubsterRenderer {
    hub: Hub,
}

impl HubsterRenderer {
    /// A renderer that makes addresses of attachments as the hub is told.
    pub fn new(hub: Hub) -> HubsterRenderer {
        HubsterRenderer { hub }
    }
}

/// The endpoint behind a subscription.
fn endpoint_of<'a>(event: &'a EventView, subscriber: &Subscriber) -> Option<(Id, &'a Endpoint)> {
    let own = |(_, endpoint): &(&Id, &Endpoint)| endpoint.integration == subscriber.subscription.integration;
    let found = event.exchange.as_ref()?.endpoints.iter().find(own);
    found.map(|(id, endpoint)| (*id, endpoint))
}

/// The signature of a body: the key is the text of the private key, not what its digits stand for.
fn signature(private_key: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(private_key.as_bytes()).ok()?;
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

impl EventRenderer for HubsterRenderer {
    fn form(&self) -> EventForm {
        FORM
    }

    fn retries(&self) -> Retries {
        RETRIES
    }

    fn render(&self, event: &EventView, subscriber: &Subscriber) -> Vec<u8> {
        let found = endpoint_of(event, subscriber).zip(event.exchange.as_ref());
        let Some(((id, endpoint), exchange)) = found else { return Vec::new() };
        let is_listener = endpoint.role == Role::Listener;
        let receiver = (!is_listener).then_some(id);
        let shown = of_event(event, receiver, &self.hub.settings().public_url);
        let Some(shown) = shown else { return Vec::new() };
        let (activities, activity) =
            if is_listener { (Some(vec![shown]), None) } else { (None, Some(shown)) };
        let body = WebhookBody {
            hub_id: exchange.app_id.to_guid(),
            tenant_id: exchange.account_id.to_guid(),
            integration_id: id.to_guid(),
            conversation_id: exchange.conversation_id.to_guid(),
            conversation_properties: properties(exchange, receiver),
            activities,
            activity,
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }

    fn headers(
        &self,
        event: &EventView,
        subscriber: &Subscriber,
        body: &[u8],
    ) -> Option<Vec<(&'static str, String)>> {
        let mut headers = vec![
            ("x-source-system", "engine.hubster.io".to_owned()),
            ("x-hub-id", event.app_id.to_guid()),
            ("x-hubster-signature", signature(&subscriber.secret, body)?),
        ];
        if let Some(conversation) = &event.conversation {
            headers.push(("x-conversation-id", conversation.id.to_guid()));
        }
        if let Some((id, endpoint)) = endpoint_of(event, subscriber) {
            headers.push(("x-integration-id", id.to_guid()));
            headers.extend(endpoint.public_key.clone().map(|key| ("x-hubster-public-key", key)));
        }
        Some(headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempts_are_where_decision_29_has_them() {
        let mut minutes = RETRIES.pauses_ms.iter().scan(0, |at, pause| {
            *at += pause / 60_000;
            Some(*at)
        });
        assert!([2, 6, 12, 20, 30].into_iter().all(|at| minutes.next() == Some(at)));
        assert_eq!(minutes.next(), None);
    }

    #[test]
    fn the_documented_check_value() {
        let signed = signature("FA96D15568654A4482772E00BA941BCB", br#"{"a":1}"#);
        assert_eq!(signed.as_deref(), Some("upVRHQCB3yjLjoCxLQi6bMfPO3hbnPbxUiqnlbrApK4="));
    }
}
