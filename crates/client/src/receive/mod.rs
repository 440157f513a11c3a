//! Reading what is posted to a webhook, after proof that it comes from where it should.
//!
//! ```
//! use crosspoint_client::receive::Receiver;
//! use crosspoint_client::sunshine::types::Payload;
//!
//! # fn handle(headers: &http::HeaderMap, body: &[u8]) -> Result<(), crosspoint_client::receive::ReceiveError> {
//! let receiver = Receiver::new("0123456789abcdef0123456789abcdef");
//! for event in receiver.receive(headers, body)?.events {
//!     if let Payload::Message(told) = event.payload {
//!         println!("{}", told.message.id);
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! [`hubster`] reads what Hubster posts, in the same way.

#[cfg(feature = "axum")]
mod extract;
#[cfg(feature = "hubster")]
pub mod hubster;
mod sunshine;

use wire::BodyError;

#[cfg(feature = "axum")]
pub use extract::Received;
pub use sunshine::{Receiver, read};

/// Why a delivery is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The secret is missing or wrong.
    #[error("x-api-key is missing or wrong")]
    ApiKey,
    /// The signature is missing, old or wrong.
    #[error("the signature is refused: {0}")]
    Signature(String),
    /// The body is none of a webhook's.
    #[error("the body cannot be read: {0}")]
    Body(#[from] BodyError),
}

impl ReceiveError {
    /// The status to answer with: 401, or 400 for a body that cannot be read.
    pub fn status(&self) -> http::StatusCode {
        match self {
            ReceiveError::ApiKey | ReceiveError::Signature(_) => http::StatusCode::UNAUTHORIZED,
            ReceiveError::Body(_) => http::StatusCode::BAD_REQUEST,
        }
    }
}
