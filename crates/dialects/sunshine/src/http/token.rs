//! JSON Web Tokens that keys of ours sign (sunshine-v2.md §1.2).

use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::{ApiError, Result};

/// Clocks may differ by this much.
const LEEWAY_S: f64 = 60.0;

/// The id of the key that is said to have signed a token.
pub(crate) fn signer(token: &str) -> Result<String> {
    let header = decode_header(token).map_err(|_| ApiError::unauthorized("Invalid token"))?;
    if header.alg != Algorithm::HS256 {
        return Err(ApiError::unauthorized("Invalid token: only HS256 is accepted"));
    }
    header.kid.ok_or_else(|| ApiError::unauthorized("Invalid token: kid is missing"))
}

/// Checks signature and times; gives the claims. The times are checked here and not by the library,
/// since it reads the machine's clock and the hub has its own.
pub(crate) fn verify<C: DeserializeOwned>(secret: &str, token: &str, now_ms: i64) -> Result<C> {
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
    let timed = decoded.map_err(|_| ApiError::unauthorized("Invalid token"))?.claims;
    let now_s = now_ms as f64 / 1_000.0;
    if timed.exp.is_some_and(|end| now_s > end + LEEWAY_S) {
        return Err(ApiError::unauthorized("Invalid token: it has expired"));
    }
    if timed.nbf.is_some_and(|begin| now_s < begin - LEEWAY_S) {
        return Err(ApiError::unauthorized("Invalid token: it is not valid yet"));
    }
    Ok(timed.claims)
}

/// A token that a key signs.
pub(crate) fn sign(key_id: &str, secret: &str, claims: &impl Serialize) -> Result<String> {
    let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).map_err(|error| {
        tracing::error!(%error, "a token could not be signed");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error")
    })
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
        assert!(verify::<Value>("secret", &token, 1_061_000).is_err(), "it has expired");
        assert!(verify::<Value>("another", &token, 0).is_err());
    }
}
