//! Tokens of the hub, refused in the vendor's form (sunshine-v2.md §1.2).

use axum::http::StatusCode;
use hub::token::{self, TokenError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{ApiError, Result};

/// The id of the key that is said to have signed a token.
pub(crate) fn signer(token: &str) -> Result<String> {
    Ok(token::signer(token)?)
}

/// Checks signature and times; gives the claims.
pub(crate) fn verify<C: DeserializeOwned>(secret: &str, token: &str, now_ms: i64) -> Result<C> {
    Ok(token::verify(secret, token, now_ms)?)
}

/// A token that a key signs.
pub(crate) fn sign(key_id: &str, secret: &str, claims: &impl Serialize) -> Result<String> {
    Ok(token::sign(key_id, secret, claims)?)
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> ApiError {
        match error {
            TokenError::Unsigned(_) => {
                tracing::error!(%error, "a token could not be signed");
                ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error")
            }
            refused => ApiError::unauthorized(refused.to_string()),
        }
    }
}
