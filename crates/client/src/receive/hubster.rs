//! What Hubster posts to System integrations and to Direct ones with a webhook (hubster.md §7).
//!
//! ```
//! use crosspoint_client::hubster::types::{Message, Said};
//! use crosspoint_client::receive::hubster::Receiver;
//!
//! # fn handle(headers: &http::HeaderMap, body: &[u8]) -> Result<(), crosspoint_client::receive::ReceiveError> {
//! let receiver = Receiver::new("3EF951F619CD4F5E820C73622C0F1A3C");
//! let delivery = receiver.receive(headers, body)?;
//! for activity in delivery.activities() {
//!     if let Said::Message(Message::Text(text)) = activity.said()? {
//!         println!("{}: {:?}", delivery.conversation_id, text.text);
//!     }
//! }
//! # Ok(()) }
//! ```

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use sha2::Sha256;
use wire::hubster::types::WebhookBody;
use wire::{Secret, parse_body};

use super::ReceiveError;

/// The header with the signature of the body.
const SIGNATURE: &str = "x-hubster-signature";
/// The header that names the key which signs.
const PUBLIC_KEY: &str = "x-hubster-public-key";

/// Verifies and reads deliveries of one integration.
///
/// The signature is of the body's bytes under the integration's private key; it is compared in constant
/// time. It carries no time: a delivery that was recorded is right for ever, so whoever acts on one keeps
/// the `eventId`s that it has seen.
#[derive(Clone)]
pub struct Receiver {
    private_key: Secret,
}

impl Receiver {
    /// For the integration whose `privateSigningKey` this is, as it stands there.
    pub fn new(private_signing_key: impl Into<String>) -> Receiver {
        Receiver { private_key: Secret::new(private_signing_key) }
    }

    /// Which key signed: the integration's `publicSigningKey`. It proves nothing; with it a program for
    /// several integrations finds the right [`Receiver`].
    pub fn public_key(headers: &HeaderMap) -> Option<&str> {
        headers.get(PUBLIC_KEY).and_then(|value| value.to_str().ok())
    }

    /// Verifies a delivery and reads it. Messages and events are kept as they came;
    /// [`Activity::said`](wire::hubster::types::Activity::said) reads them.
    ///
    /// # Errors
    /// [`ReceiveError`]; [`ReceiveError::status`] says how to answer.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookBody, ReceiveError> {
        self.verify(headers, body)?;
        read(body)
    }

    /// Verifies a delivery without reading it.
    ///
    /// # Errors
    /// [`ReceiveError::Signature`].
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), ReceiveError> {
        let refused = |reason: &str| ReceiveError::Signature(reason.to_owned());
        let key = self.private_key.expose().as_bytes();
        if key.is_empty() {
            return Err(refused("the receiver has no key"));
        }
        let given = headers.get(SIGNATURE).ok_or_else(|| refused("it is missing"))?;
        let given = STANDARD.decode(given.as_bytes()).map_err(|_| refused("it is no base64"))?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| refused("the key is unfit"))?;
        mac.update(body);
        mac.verify_slice(&given).map_err(|_| refused("it is wrong"))
    }
}

/// Reads the body of a delivery without verifying it.
///
/// # Errors
/// [`ReceiveError::Body`].
pub fn read(body: &[u8]) -> Result<WebhookBody, ReceiveError> {
    Ok(parse_body(body)?)
}

impl fmt::Debug for Receiver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Receiver").finish_non_exhaustive()
    }
}

#[cfg(feature = "axum")]
mod extract {
    use axum_core::extract::{FromRef, FromRequest, Request};
    use axum_core::response::{IntoResponse as _, Response};
    use wire::hubster::types::WebhookBody;

    use super::super::extract::whole;
    use super::Receiver;

    /// A verified delivery. The router's state is, or holds (`FromRef`), the integration's [`Receiver`].
    ///
    /// What is refused is answered with 401, 400 or, for a body beyond axum's limit, 413.
    ///
    /// ```
    /// use axum::{Router, routing::post};
    /// use crosspoint_client::receive::hubster::{Received, Receiver};
    ///
    /// async fn hook(Received(delivery): Received) {
    ///     println!("{} activities", delivery.activities().count());
    /// }
    ///
    /// let receiver = Receiver::new("3EF951F619CD4F5E820C73622C0F1A3C");
    /// let router: Router = Router::new().route("/hook", post(hook)).with_state(receiver);
    /// ```
    #[derive(Clone, Debug)]
    pub struct Received(pub WebhookBody);

    impl<S> FromRequest<S> for Received
    where
        S: Send + Sync,
        Receiver: FromRef<S>,
    {
        type Rejection = Response;

        async fn from_request(request: Request, state: &S) -> Result<Received, Response> {
            let receiver = Receiver::from_ref(state);
            let (headers, body) = whole(request, state).await?;
            receiver.receive(&headers, &body).map(Received).map_err(|error| error.into_response())
        }
    }
}

#[cfg(feature = "axum")]
pub use extract::Received;
