//! Who may hear what (hubster.md §6.1).

use axum::http::HeaderMap;
use hub::{EndpointView, Grant, HubError, Thing};
use model::Id;
use model::record::{IntegrationStatus, Role};
use realtime::{Conversations, Interest, Topic};
use wire::Scope;
use wire::hubster::codes;

use super::protocol::close_with;
use crate::FORM;
use crate::guid::Named;
use crate::http::auth::Talker;
use crate::http::call::named;
use crate::http::error::{ApiError, Resource, Result};
use crate::http::query::Query;
use crate::http::router::Shared;

/// Tokens that open the hub.
const SCOPES: &[Scope] = &[Scope::Engine, Scope::WebChat];

/// What a client asked for when it connected.
pub(super) struct Asked {
    pub(super) token: String,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
}

/// The record that tells a client why it may not listen.
pub(super) fn refusal(error: ApiError) -> String {
    let (number, text) = error.first(Resource::Engine);
    close_with(number, &text)
}

impl Asked {
    /// What the client hears.
    ///
    /// # Errors
    /// 200 and 203 for ids that are missing or malformed, 101 for a visitor of another integration or
    /// from a page that may not, 6000, 6500, 6502.
    pub(super) async fn interest(&self, shared: &Shared) -> Result<Interest> {
        let (talker, grant, view) = self.integration(shared).await?;
        let integration = view.integration.id;
        let conversations = match self.query.get("cId") {
            Some(text) => {
                let conversation = named(text)?.id().ok_or(HubError::NotFound(Thing::Conversation))?;
                check_conversation(shared, &talker, &grant, &view, conversation).await?;
                Conversations::Only(vec![conversation])
            }
            None => match &talker.visitor {
                Some(visitor) => {
                    let (grant, token) = (&visitor.grant, visitor.visit.token);
                    Conversations::Only(shared.hub.conversations_of_visit(grant, token).await?)
                }
                None => Conversations::All,
            },
        };
        let topic = Topic { form: FORM, integration };
        let visit = talker.visitor.as_ref().map(|visitor| visitor.visit.token);
        Ok(Interest { app: grant.app.key, topic, conversations, visit })
    }

    /// Whether token and integration are still good.
    ///
    /// # Errors
    /// As at the beginning.
    pub(super) async fn still_good(&self, shared: &Shared) -> Result<()> {
        self.integration(shared).await.map(|_| ())
    }

    /// Who listens, and to which integration.
    async fn integration(&self, shared: &Shared) -> Result<(Talker, Grant, EndpointView)> {
        let talker = shared.identify(&self.token, &self.headers, SCOPES).await?;
        let text = self.query.get("iId");
        let text = text.ok_or_else(|| ApiError::of(codes::QUERY_MISSING, "Value 'iId' is required."))?;
        let unknown = || HubError::NotFound(Thing::Integration);
        let id = named(text).map(Named::id)?.ok_or_else(unknown)?;
        if let Some(visitor) = &talker.visitor {
            visitor.check_integration(id)?;
        }
        let grant = match shared.hub.grant_for_integration(&talker.caller, id).await {
            Err(HubError::NotFound(_)) if shared.hub.was_integration(&talker.caller, id).await? => {
                return Err(HubError::Terminated.into());
            }
            other => other?,
        };
        let view = shared.hub.endpoint(&grant, id).await?;
        let role = view.endpoint.as_ref().map(|endpoint| endpoint.role);
        if role.is_none_or(|role| role == Role::Listener) {
            return Err(unknown().into());
        }
        if view.integration.status == IntegrationStatus::Inactive {
            return Err(HubError::Terminated.into());
        }
        Ok((talker, grant, view))
    }
}

/// A conversation of the integration's hub; customers and visitors hear only their own.
async fn check_conversation(
    shared: &Shared,
    talker: &Talker,
    grant: &Grant,
    view: &EndpointView,
    conversation: Id,
) -> Result<()> {
    let hub = &shared.hub;
    let (_, exchange) = hub.exchange(grant, conversation).await?;
    if let Some(visitor) = &talker.visitor {
        visitor.check_conversation(hub, conversation).await?;
    }
    let is_customers = view.endpoint.as_ref().is_some_and(|endpoint| endpoint.role == Role::Customer);
    if is_customers && exchange.customer_on(view.integration.id).is_none() {
        return Err(HubError::NotFound(Thing::Conversation).into());
    }
    Ok(())
}
