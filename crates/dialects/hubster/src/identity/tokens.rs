//! Access tokens: JWTs signed with ES256. A token opens one resource and lives only as long as the
//! secret that bought it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use hub::{Caller, Hub, LiveKey};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use model::limits::ACCESS_TOKEN_LIFE_MS;
use model::record::Account;
use serde::{Deserialize, Serialize};
use wire::Scope;

use super::Audience;
use crate::http::error::{ApiError, Result};

/// Verified tokens that are remembered; all are forgotten when there are more.
const REMEMBERED_MAX: usize = 10_000;

/// What a token claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    scope: String,
    client_id: String,
    /// Always `admin`.
    role: String,
    /// The tenant, a GUID.
    tenant: String,
    /// The id of the key that bought it; a visitor has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    key: String,
    /// What a visitor's token opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) visit: Option<VisitClaims>,
    iat: i64,
    nbf: i64,
    pub(super) exp: i64,
    pub(super) jti: String,
}

/// What a visitor's token opens: one integration, from the pages of one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct VisitClaims {
    /// The hub, a GUID.
    pub(super) hub: String,
    /// The integration, a GUID.
    pub(super) integration: String,
    /// The host of the page.
    pub(super) origin: String,
}

/// A token that is good, and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Verified {
    pub(crate) caller: Arc<Caller>,
}

/// Makes and verifies tokens. Signatures that were verified once are remembered.
#[derive(Default)]
pub(crate) struct Tokens {
    known: RwLock<HashMap<String, Arc<Claims>>>,
}

impl Tokens {
    /// Makes a token. Gives it with its life in seconds.
    pub(crate) async fn issue(
        &self,
        hub: &Hub,
        audience: Audience,
        client_id: &str,
        account: &Account,
        key: &LiveKey,
    ) -> Result<(String, u64)> {
        let now_s = hub.now().0 / 1_000;
        let life_s = ACCESS_TOKEN_LIFE_MS / 1_000;
        let claims = Claims {
            iss: hub.settings().public_url.clone(),
            aud: audience.scope().to_owned(),
            scope: audience.scope().to_owned(),
            client_id: client_id.to_owned(),
            role: "admin".to_owned(),
            tenant: account.id.to_guid(),
            key: key.caller.key_id.clone(),
            visit: None,
            iat: now_s,
            nbf: now_s,
            exp: now_s + life_s,
            jti: format!("{}.{}", key.caller.key_id, hub.now().0),
        };
        Ok((self.sign(hub, &claims).await?, u64::try_from(life_s).unwrap_or_default()))
    }

    /// Makes a token for a visitor, with the same life.
    pub(super) async fn issue_visit(
        &self,
        hub: &Hub,
        tenant: String,
        visit: VisitClaims,
        jti: String,
    ) -> Result<String> {
        let now_s = hub.now().0 / 1_000;
        let claims = Claims {
            iss: hub.settings().public_url.clone(),
            aud: Scope::WebChat.as_str().to_owned(),
            scope: Scope::WebChat.as_str().to_owned(),
            client_id: "hubster.webchat".to_owned(),
            role: "visitor".to_owned(),
            tenant,
            key: String::new(),
            visit: Some(visit),
            iat: now_s,
            nbf: now_s,
            exp: now_s + ACCESS_TOKEN_LIFE_MS / 1_000,
            jti,
        };
        self.sign(hub, &claims).await
    }

    async fn sign(&self, hub: &Hub, claims: &Claims) -> Result<String> {
        let pair = hub.signing_key().await?;
        let header = Header { kid: Some(pair.id), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &EncodingKey::from_ec_der(&pair.private_key)).map_err(|error| {
            tracing::error!(%error, "an access token could not be signed");
            ApiError::of(wire::hubster::codes::SYSTEM, "The token could not be made.")
        })
    }

    /// Who presents this token for a resource.
    ///
    /// # Errors
    /// 401 for a token that is not ours, has ended, opens something else, or was bought with a secret
    /// that has ended.
    pub(crate) async fn verify(&self, hub: &Hub, token: &str, audience: Audience) -> Result<Verified> {
        let claims = self.live_claims(hub, token, audience.scope()).await?;
        let key = hub.live_key(&claims.key).await?.ok_or_else(ApiError::unauthorized)?;
        Ok(Verified { caller: key.caller.clone() })
    }

    /// The claims of a token that is ours, opens this scope and lives.
    pub(super) async fn live_claims(&self, hub: &Hub, token: &str, scope: &str) -> Result<Arc<Claims>> {
        let claims = self.claims(hub, token).await?;
        let now_s = hub.now().0 / 1_000;
        if claims.aud != scope || now_s >= claims.exp || now_s + CLOCK_LEEWAY_S < claims.nbf {
            return Err(ApiError::unauthorized());
        }
        Ok(claims)
    }

    /// The claims of a token whose signature is ours.
    async fn claims(&self, hub: &Hub, token: &str) -> Result<Arc<Claims>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let header = decode_header(token).map_err(|_| ApiError::unauthorized())?;
        let kid = header.kid.filter(|_| header.alg == Algorithm::ES256).ok_or_else(ApiError::unauthorized)?;
        let key = hub.verifying_key(&kid).await?.ok_or_else(ApiError::unauthorized)?;
        let mut validation = Validation::new(Algorithm::ES256);
        // The hub has its own clock, and the audience depends on the route.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        let decoded = decode::<Claims>(token, &DecodingKey::from_ec_der(&key.public_key), &validation);
        let claims = Arc::new(decoded.map_err(|_| ApiError::unauthorized())?.claims);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }
}

/// Clocks of nodes may differ by this much.
const CLOCK_LEEWAY_S: i64 = 60;
