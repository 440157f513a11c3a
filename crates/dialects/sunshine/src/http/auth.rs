//! Who calls: Basic with a key's id and secret, or a JWT that the key has signed
//! (sunshine-v2.md §1.1–1.3).

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hub::{Caller, Hub, LiveKey};
use model::record::KeyKind;
use serde::Deserialize;

use super::error::{ApiError, Result};
use super::token;

/// What a caller can be told about wrong credentials: the same for an unknown key and a wrong secret.
const WRONG: &str = "Invalid credentials";

/// The claims that count; every other one is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Claims {
    scope: Option<String>,
    app_id: Option<String>,
}

/// What a caller has presented, read but not believed.
pub(crate) enum Presented {
    /// A key's id and secret.
    Basic { key_id: String, secret: String },
    /// A token, and the id of the key that is said to have signed it.
    Bearer { key_id: String, token: String },
}

/// The caller of a request, by its `Authorization` header.
///
/// # Errors
/// 401 without credentials or with wrong ones; 403 for the token of an end user, which is for the
/// messenger.
pub(crate) async fn authenticate(hub: &Hub, headers: &HeaderMap) -> Result<Arc<Caller>> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Err(ApiError::unauthorized("Authorization is required"));
    };
    let wrong = || ApiError::unauthorized(WRONG);
    match read_header(header.to_str().map_err(|_| wrong())?)? {
        Presented::Basic { key_id, secret } => {
            let key = hub.live_key(&key_id).await?.ok_or_else(wrong)?;
            // An OAuth integration's key signs tokens only; nobody was ever told its secret.
            if key.kind == KeyKind::OAuth || key.kind.only_buys_tokens() || !key.secret_is(&secret) {
                return Err(wrong());
            }
            Ok(key.caller.clone())
        }
        Presented::Bearer { key_id, token } => {
            let key = hub.live_key(&key_id).await?.ok_or_else(|| ApiError::unauthorized("Invalid token"))?;
            let claims = token::verify(key.secret(), &token, hub.now().0)?;
            check_claims(&key, &claims)?;
            Ok(key.caller.clone())
        }
    }
}

/// The caller of a request outside the operations, for example of a private attachment; `None` when
/// the request carries no credentials, or wrong ones.
pub async fn authenticate_headers(hub: &Hub, headers: &HeaderMap) -> Option<Arc<Caller>> {
    authenticate(hub, headers).await.ok()
}

/// Reads the value of an `Authorization` header.
pub(crate) fn read_header(header: &str) -> Result<Presented> {
    let wrong = || ApiError::unauthorized(WRONG);
    let (scheme, credentials) = header.trim().split_once(' ').ok_or_else(wrong)?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD.decode(credentials).map_err(|_| wrong())?;
        let decoded = std::str::from_utf8(&decoded).map_err(|_| wrong())?;
        let (key_id, secret) = decoded.split_once(':').ok_or_else(wrong)?;
        return Ok(Presented::Basic { key_id: key_id.to_owned(), secret: secret.to_owned() });
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(wrong());
    }
    let key_id = token::signer(credentials)?;
    Ok(Presented::Bearer { key_id, token: credentials.to_owned() })
}

/// The claim `scope` must be the scope of the key.
fn check_claims(key: &LiveKey, claims: &Claims) -> Result<()> {
    let Some(scope) = &claims.scope else {
        return Err(ApiError::unauthorized("Invalid token: scope is missing"));
    };
    let expected = match key.kind {
        KeyKind::Account => "account",
        KeyKind::App if scope == "user" => {
            return Err(ApiError::forbidden("Tokens of end users are for the messenger"));
        }
        KeyKind::App => "app",
        KeyKind::Integration | KeyKind::OAuth => "integration",
        KeyKind::Administration | KeyKind::Conversations => {
            return Err(ApiError::unauthorized("Invalid token"));
        }
    };
    if scope != expected {
        return Err(ApiError::unauthorized("Invalid token: scope does not fit the key"));
    }
    if key.kind == KeyKind::OAuth && claims.app_id.is_none() {
        return Err(ApiError::unauthorized("Invalid token"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(text in ".{0,300}") {
            let _ = read_header(&text);
            let _ = read_header(&format!("Basic {text}"));
            let _ = read_header(&format!("Bearer {text}"));
            let _ = token::verify::<Claims>("secret", &text, 0);
        }
    }
}
