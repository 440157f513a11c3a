//! What holds the pages of one consent together. The server keeps nothing: a random value in a cookie
//! must come back with the form (nobody else can make a browser send both), and whoever has shown an
//! account's key carries a token that this key has signed. It opens nothing but this partner's
//! page: it has no scope.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub::{Hub, LiveKey};
use model::record::KeyKind;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::http::error::Result;
use crate::http::token;

/// The cookie's name.
pub(super) const COOKIE_NAME: &str = "crosspoint-consent";
/// How long somebody may think about it, seconds.
pub(super) const LIFE_S: i64 = 600;
/// 256 random bits in base64.
const VALUE_CHARS: usize = 43;

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The partner whose page it is.
    consent: String,
    /// Judged with the signature.
    #[serde(skip_deserializing)]
    exp: i64,
}

/// The value that the browser has in its cookie.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE_NAME)?;
    let is_ours = value.len() == VALUE_CHARS && URL_SAFE_NO_PAD.decode(value).is_ok();
    is_ours.then_some(value)
}

/// A new random value.
pub(super) fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether the form came from the page that the cookie came with.
pub(super) fn belongs(headers: &HeaderMap, from_form: Option<&str>) -> bool {
    let (Some(cookie), Some(form)) = (cookie(headers), from_form) else { return false };
    cookie.as_bytes().ct_eq(form.as_bytes()).into()
}

/// The account's key with this id and secret.
pub(super) async fn key(hub: &Hub, id: &str, secret: &str) -> Result<Option<Arc<LiveKey>>> {
    let key = hub.live_key(id.trim()).await?;
    Ok(key.filter(|key| key.kind == KeyKind::Account && key.secret_is(secret)))
}

/// A token for whoever has shown this key to this partner's page.
pub(super) fn begin(hub: &Hub, key: &LiveKey, client_id: &str) -> Result<String> {
    let exp = hub.now().0 / 1_000 + LIFE_S;
    token::sign(&key.caller.key_id, key.secret(), &Claims { consent: client_id.to_owned(), exp })
}

/// The key that is said to have been shown before.
pub(super) fn key_id(session: &str) -> Option<String> {
    token::signer(session).ok()
}

/// The account's key that was shown to this partner's page.
pub(super) async fn resume(hub: &Hub, session: &str, client_id: &str) -> Result<Option<Arc<LiveKey>>> {
    let Some(id) = key_id(session) else { return Ok(None) };
    let key = hub.live_key(&id).await?.filter(|key| key.kind == KeyKind::Account);
    Ok(key.filter(|key| {
        let claims = token::verify::<Claims>(key.secret(), session, hub.now().0);
        claims.is_ok_and(|claims| claims.consent == client_id)
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())])
    }

    #[test]
    fn a_form_belongs_to_the_page_of_its_cookie() {
        let (value, other) = (random(), random());
        let with = headers(&format!("a=b; {COOKIE_NAME}={value}; c=d"));
        assert!(belongs(&with, Some(&value)));
        assert!(!belongs(&with, Some(&other)) && !belongs(&with, None));
        assert!(!belongs(&HeaderMap::new(), Some(&value)));
    }

    #[test]
    fn a_value_that_is_not_ours_counts_for_nothing() {
        for value in ["", "short", &"!".repeat(VALUE_CHARS), &"a".repeat(1_000)] {
            assert!(!belongs(&headers(&format!("{COOKIE_NAME}={value}")), Some(value)), "{value}");
        }
    }
}
