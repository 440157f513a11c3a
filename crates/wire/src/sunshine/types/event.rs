//! What is posted to a webhook (sunshine-v2.md §9.2).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::webhook::Trigger;

/// The body of a delivery; generic over the form of the payloads, as [`Payload`](super::Payload) or raw text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookBody<P = Value> {
    /// The app.
    pub app: AppRef,
    /// The webhook.
    pub webhook: WebhookRef,
    /// The events, one by default.
    pub events: Vec<Event<P>>,
}

/// Names an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppRef {
    /// Its id.
    pub id: String,
}

/// Names a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookRef {
    /// Its id.
    pub id: String,
    /// `v2`.
    pub version: String,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event<P = Value> {
    /// Its id, the same in every attempt and for every webhook.
    pub id: String,
    /// When it happened.
    pub created_at: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: Trigger,
    /// More about it.
    pub payload: P,
}
