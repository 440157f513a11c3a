//! JSON Web Tokens that keys of ours sign (sunshine-v2.md §1.2, exotel.md "Authentication").

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Clocks may differ by this much.
const LEEWAY_S: f64 = 60.0;

/// Why a token is refused, or could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is none, or not signed with this secret.
    #[error("Invalid token")]
    Invalid,
    /// It is signed in another way.
    #[error("Invalid token: only HS256 is accepted")]
    Algorithm,
    /// It names no key.
    #[error("Invalid token: kid is missing")]
    NoKey,
    /// Its time is over.
    #[error("Invalid token: it has expired")]
    Expired,
    /// Its time has not come.
    #[error("Invalid token: it is not valid yet")]
    Early,
    /// It could not be signed.
    #[error("a token could not be signed: {0}")]
    Unsigned(String),
}

/// The id of the key that is said to have signed a token.
///
/// # Errors
/// `Invalid`, `Algorithm`, `NoKey`.
pub fn signer(token: &str) -> Result<String, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
    if header.alg != Algorithm::HS256 {
        return Err(TokenError::Algorithm);
    }
    header.kid.ok_or(TokenError::NoKey)
}

/// Checks signature and times; gives the claims. The times are checked here and not by the library,
/// since it reads the machine's clock and the hub has its own.
///
/// # Errors
/// `Invalid`, `Expired`, `Early`.
pub fn verify<C: DeserializeOwned>(secret: &str, token: &str, now_ms: i64) -> Result<C, TokenError> {
    #[derive(Deserialize)]
    #[serde(bound = "C: DeserializeOwned")]
    struct Timed<C> {
        exp: Option<f64>,
        nbf: Option<f64>,
        #[serde(flatten)]
        claims: C,
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = decode::<Timed<C>>(token, &DecodingKey::from_secret(secret.as_bytes()), &validation);
    let timed = decoded.map_err(|_| TokenError::Invalid)?.claims;
    let now_s = now_ms as f64 / 1_000.0;
    if timed.exp.is_some_and(|end| now_s > end + LEEWAY_S) {
        return Err(TokenError::Expired);
    }
    if timed.nbf.is_some_and(|begin| now_s < begin - LEEWAY_S) {
        return Err(TokenError::Early);
    }
    Ok(timed.claims)
}

/// A token that a key signs.
///
/// # Errors
/// `Unsigned`.
pub fn sign(key_id: &str, secret: &str, claims: &impl Serialize) -> Result<String, TokenError> {
    let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes()))
        .map_err(|error| TokenError::Unsigned(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_signed_is_verified_with_the_same_secret_only() {
        let token = sign("app_1", "secret", &json!({ "scope": "app", "exp": 1_000 })).unwrap();
        assert_eq!(signer(&token).unwrap(), "app_1");
        let claims: Value = verify("secret", &token, 1_060_000).unwrap();
        assert_eq!(claims["scope"], "app");
        assert!(matches!(verify::<Value>("secret", &token, 1_061_000), Err(TokenError::Expired)));
        assert!(matches!(verify::<Value>("another", &token, 0), Err(TokenError::Invalid)));
    }
}
