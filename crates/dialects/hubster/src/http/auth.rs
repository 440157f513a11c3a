//! Who calls: by the access token of the `Authorization` header (hubster.md §3).

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use hub::Caller;
use wire::Scope;

use super::error::{ApiError, Result};
use super::router::Shared;
use crate::identity::{Audience, Visitor};

/// Who talks in conversations.
pub(crate) struct Talker {
    pub(crate) caller: Arc<Caller>,
    /// The visitor of a page, whose token opens one integration.
    pub(crate) visitor: Option<Visitor>,
}

impl Shared {
    /// Who talks, if the token opens one of these scopes and its bearer is not too fast.
    ///
    /// # Errors
    /// As [`Shared::identify`]; 429.
    pub(crate) async fn talker(&self, token: &str, headers: &HeaderMap, scopes: &[Scope]) -> Result<Talker> {
        let talker = self.identify(token, headers, scopes).await?;
        let counted = match &talker.visitor {
            Some(visitor) => visitor.counted(),
            None => talker.caller.key_id.clone(),
        };
        self.limiter.check(&counted).map_err(ApiError::TooFast)?;
        Ok(talker)
    }

    /// The same without counting.
    ///
    /// # Errors
    /// 401 for a token that opens none of them; for visitors as [`Visitor::of`].
    pub(crate) async fn identify(
        &self,
        token: &str,
        headers: &HeaderMap,
        scopes: &[Scope],
    ) -> Result<Talker> {
        if scopes.contains(&Scope::Engine)
            && let Some(caller) = self.engine_caller(token).await?
        {
            return Ok(Talker { caller, visitor: None });
        }
        if !scopes.contains(&Scope::WebChat) {
            return Err(ApiError::unauthorized());
        }
        let visitor = Visitor::of(&self.hub, &self.tokens, token, headers).await?;
        Ok(Talker { caller: visitor.grant.caller.clone(), visitor: Some(visitor) })
    }

    /// Under which name the bearer of a token is counted, if it opens engine or WebChat. Neither its
    /// origin nor what it opens is looked at.
    ///
    /// # Errors
    /// 401.
    pub(crate) async fn bearer(&self, token: &str) -> Result<String> {
        match self.engine_caller(token).await? {
            Some(caller) => Ok(caller.key_id.clone()),
            None => Visitor::counted_of(&self.hub, &self.tokens, token).await,
        }
    }

    /// The caller behind a token for the engine; `None` for every other token.
    async fn engine_caller(&self, token: &str) -> Result<Option<Arc<Caller>>> {
        match self.tokens.verify(&self.hub, token, Audience::Engine).await {
            Ok(verified) => Ok(Some(verified.caller)),
            Err(ApiError::Faults(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// The token that a request presents, of whichever of the two schemes.
pub(crate) fn presented(headers: &HeaderMap) -> Result<&str> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) =
        header.and_then(|header| header.trim().split_once(' ')).ok_or_else(ApiError::unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("webbearer") {
        return Err(ApiError::unauthorized());
    }
    Ok(token.trim())
}
