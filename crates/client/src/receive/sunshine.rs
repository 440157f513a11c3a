//! Deliveries of Sunshine Conversations and of Crosspoint.

use std::fmt;

use http::HeaderMap;
use serde_json::Value;
use standardwebhooks::Webhook;
use subtle::ConstantTimeEq as _;
use wire::sunshine::types::{Payload, WebhookBody};
use wire::{Secret, parse_body};

use super::ReceiveError;

/// The header with the webhook's secret (sunshine-v2.md §9).
const API_KEY: &str = "x-api-key";
/// The header with the signature of Standard Webhooks (<https://www.standardwebhooks.com>).
const SIGNATURE: &str = "webhook-signature";

/// Verifies and reads deliveries of one webhook.
///
/// The secret in `x-api-key` must be the webhook's; it is compared in constant time. Where a delivery is
/// signed, as Crosspoint's are, the signature must be right and at most five minutes old, too;
/// [`Receiver::require_signature`] refuses what is not signed.
#[derive(Clone)]
pub struct Receiver {
    secret: Secret,
    signature_required: bool,
}

impl Receiver {
    /// For the webhook with this secret.
    pub fn new(secret: impl Into<String>) -> Receiver {
        Receiver { secret: Secret::new(secret), signature_required: false }
    }

    /// Refuses deliveries without a signature. The vendor's own servers do not sign.
    #[must_use]
    pub fn require_signature(mut self) -> Receiver {
        self.signature_required = true;
        self
    }

    /// Verifies a delivery and reads its events. One of an unknown type, and one whose payload is not as its
    /// type asks for, is kept as [`Payload::Unknown`]: a refusal would be final for all events beside it.
    ///
    /// # Errors
    /// [`ReceiveError`]; [`ReceiveError::status`] says how to answer.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookBody<Payload>, ReceiveError> {
        self.verify(headers, body)?;
        read(body)
    }

    /// Verifies a delivery without reading it.
    ///
    /// # Errors
    /// [`ReceiveError::ApiKey`] and [`ReceiveError::Signature`].
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), ReceiveError> {
        let given = headers.get(API_KEY).map(|value| value.as_bytes()).unwrap_or_default();
        let known = self.secret.expose().as_bytes();
        if known.is_empty() || !bool::from(known.ct_eq(given)) {
            return Err(ReceiveError::ApiKey);
        }
        if !self.signature_required && !headers.contains_key(SIGNATURE) {
            return Ok(());
        }
        let refused = |error: standardwebhooks::WebhookError| ReceiveError::Signature(error.to_string());
        Webhook::new(self.secret.expose()).map_err(refused)?.verify(body, headers).map_err(refused)
    }
}

/// Reads the body of a delivery without verifying it. What of its events cannot be read is kept as
/// [`Payload::Unknown`].
///
/// # Errors
/// [`ReceiveError::Body`].
pub fn read(body: &[u8]) -> Result<WebhookBody<Payload>, ReceiveError> {
    let WebhookBody { app, webhook, events } = parse_body::<WebhookBody<Value>>(body)?;
    let events = events.into_iter().map(|event| event.typed_or_kept()).collect();
    Ok(WebhookBody { app, webhook, events })
}

impl fmt::Debug for Receiver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Receiver")
            .field("signature_required", &self.signature_required)
            .finish_non_exhaustive()
    }
}
