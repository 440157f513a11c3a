//! Visitors of pages that a WebChat integration is embedded in, by their tokens (hubster.md §3.4).

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use hub::{EndpointView, Grant, Hub, HubError, Thing};
use model::record::{Visit, VisitToken};
use model::{Id, Millis};
use url::Url;
use wire::Scope;
use wire::hubster::codes;
use wire::hubster::types::ChannelType;

use super::Tokens;
use super::tokens::{Claims, VisitClaims};
use crate::guid::Named;
use crate::http::error::{ApiError, Result};

/// A visitor whose token is good and who asks from a page that may.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The integration that the token opens.
    pub(crate) integration: Id,
    /// For the integration's hub.
    pub(crate) grant: Grant,
    /// Speaks for the customers whose conversations it established.
    pub(crate) visit: Visit,
}

/// The host of the page that asks, as `allowedOrigins` writes hosts.
fn origin_host(headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    Url::parse(origin).ok()?.host_str().map(str::to_ascii_lowercase)
}

/// The host that an allowed origin means: its own text, or its host where it has more.
fn host_of(allowed: &str) -> &str {
    let rest = allowed.split_once("://").map_or(allowed, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default().trim()
}

/// The host of the page that asks, if the integration may be embedded in it.
///
/// # Errors
/// 101 for a page that may not embed it, or that does not say where it is from.
fn allowed_origin(headers: &HeaderMap, view: &EndpointView) -> Result<String> {
    let allowed = view.endpoint.as_ref().map_or(&[][..], |endpoint| &endpoint.allowed_origins);
    let is_allowed =
        |host: &String| allowed.iter().any(|allowed| host_of(allowed).eq_ignore_ascii_case(host));
    origin_host(headers)
        .filter(is_allowed)
        .ok_or_else(|| ApiError::of(codes::FORBIDDEN, "This origin is not allowed."))
}

/// The WebChat integration with this id.
async fn web_chat(hub: &Hub, integration: Id) -> Result<(Grant, EndpointView)> {
    let (grant, view) = hub.visitor_grant(integration).await?;
    let surface = view.endpoint.as_ref().map(|endpoint| ChannelType::from(endpoint.surface.as_str()));
    match surface {
        Some(ChannelType::WebChat) => Ok((grant, view)),
        _ => Err(HubError::NotFound(Thing::Integration).into()),
    }
}

/// The random number of a visit.
fn number_of(claims: &Claims) -> Result<u128> {
    u128::from_str_radix(&claims.jti, 16).map_err(|_| ApiError::unauthorized())
}

fn counted(number: u128) -> String {
    format!("visit {number:032x}")
}

impl Visitor {
    /// A token for a visitor of an integration.
    ///
    /// # Errors
    /// 6000 for another channel's, 101 for a page that may not, 6503 for one that is paused.
    pub(super) async fn welcome(
        hub: &Hub,
        tokens: &Tokens,
        headers: &HeaderMap,
        integration: Id,
    ) -> Result<String> {
        let (grant, view) = web_chat(hub, integration).await?;
        let origin = allowed_origin(headers, &view)?;
        hub.check_awake(&view)?;
        let tenant = hub.own_account(&grant.caller).await?.id.to_guid();
        let (hub_id, integration) = (grant.app.id.to_guid(), integration.to_guid());
        let visit = VisitClaims { hub: hub_id, integration, origin };
        let token = u128::from_be_bytes(hub.new_visit_token().0);
        tokens.issue_visit(hub, tenant, visit, format!("{token:032x}")).await
    }

    /// Who presents this token.
    ///
    /// # Errors
    /// 401 for a token that is not ours, has ended, or opens something else; 101 for a page that may not,
    /// or no longer; 6000 when the integration is gone.
    pub(crate) async fn of(hub: &Hub, tokens: &Tokens, token: &str, headers: &HeaderMap) -> Result<Visitor> {
        let claims = tokens.live_claims(hub, token, Scope::WebChat.as_str()).await?;
        let opened = claims.visit.as_ref().ok_or_else(ApiError::unauthorized)?;
        let number = number_of(&claims)?;
        let integration = Named::read(&opened.integration).and_then(Named::id);
        let integration = integration.ok_or_else(ApiError::unauthorized)?;
        let (grant, view) = web_chat(hub, integration).await?;
        if allowed_origin(headers, &view)? != opened.origin {
            return Err(ApiError::of(codes::FORBIDDEN, "The token was given to another origin."));
        }
        let visit = Visit { token: VisitToken(number.to_be_bytes()), ends_at: Millis(claims.exp * 1_000) };
        Ok(Visitor { integration, grant, visit })
    }

    /// Under which name the visitor's requests are counted.
    pub(crate) fn counted(&self) -> String {
        counted(u128::from_be_bytes(self.visit.token.0))
    }

    /// The same for the bearer of a token, whatever it opens.
    ///
    /// # Errors
    /// 401 for a token that is no visitor's, or has ended.
    pub(crate) async fn counted_of(hub: &Hub, tokens: &Tokens, token: &str) -> Result<String> {
        let claims = tokens.live_claims(hub, token, Scope::WebChat.as_str()).await?;
        Ok(counted(number_of(&claims)?))
    }

    /// Refuses another integration than the token's.
    ///
    /// # Errors
    /// 101.
    pub(crate) fn check_integration(&self, integration: Id) -> Result<()> {
        match integration == self.integration {
            true => Ok(()),
            false => Err(ApiError::of(codes::FORBIDDEN, "The token is for another integration.")),
        }
    }

    /// Refuses a conversation that was not established with the token: for its bearer it does not exist.
    ///
    /// # Errors
    /// 6500.
    pub(crate) async fn check_conversation(&self, hub: &Hub, conversation: Id) -> Result<()> {
        match hub.visit_speaks_in(&self.grant, self.visit.token, conversation).await? {
            true => Ok(()),
            false => Err(HubError::NotFound(Thing::Conversation).into()),
        }
    }
}
