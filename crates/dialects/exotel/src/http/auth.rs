//! Tokens: JWTs that a key of ours has signed, in front of which clients put `Bearer` or nothing
//! (exotel.md, "Authentication").

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use hub::token::{self, TokenError};
use hub::{Caller, Hub, LiveKey};
use model::record::KeyKind;
use model::time::DAY_MS;
use serde::{Deserialize, Serialize};
use wire::exotel::types::Entity;

use super::error::{ApiError, Result};

/// How long a token is good.
const TOKEN_LIFE_MS: i64 = 90 * DAY_MS;

/// What stands in a token. It has no `scope`, so that no other dialect takes it for one of its own.
#[derive(Serialize)]
struct Claims<'a> {
    entity: &'a str,
    /// Unix seconds.
    iat: i64,
    /// Unix seconds.
    exp: i64,
}

/// What is read of a token; its times are checked by the hub.
#[derive(Deserialize)]
struct Claimed {
    entity: Entity,
}

/// The kind of the keys that speak for an entity.
pub(crate) fn kind(entity: &Entity) -> Option<KeyKind> {
    match entity {
        Entity::Customer => Some(KeyKind::Account),
        Entity::App => Some(KeyKind::App),
        _ => None,
    }
}

/// A token that this key signs.
pub(crate) fn issue(hub: &Hub, key: &LiveKey, entity: &Entity) -> Result<String> {
    let now = hub.now();
    let (iat, exp) = (now.0 / 1_000, now.plus(TOKEN_LIFE_MS).0 / 1_000);
    let claims = Claims { entity: entity.as_str(), iat, exp };
    Ok(token::sign(&key.caller.key_id, key.secret(), &claims)?)
}

/// The caller of a request, by its token.
///
/// # Errors
/// 401 without a token, or with one that is wrong, over, or of a key that has ended.
pub(crate) async fn authenticate(hub: &Hub, headers: &HeaderMap) -> Result<Arc<Caller>> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let presented = without_scheme(header);
    if presented.is_empty() {
        return Err(ApiError::unauthorized("Authorization is required"));
    }
    let key = hub.live_key(&token::signer(presented)?).await?.ok_or(TokenError::Invalid)?;
    let claimed: Claimed = token::verify(key.secret(), presented, hub.now().0)?;
    if kind(&claimed.entity) != Some(key.kind) {
        return Err(TokenError::Invalid.into());
    }
    Ok(key.caller.clone())
}

fn without_scheme(header: &str) -> &str {
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => header.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_may_be_missing() {
        for header in ["a.b.c", " a.b.c ", "Bearer a.b.c", "bearer  a.b.c", "BEARER a.b.c"] {
            assert_eq!(without_scheme(header), "a.b.c", "{header}");
        }
    }
}
