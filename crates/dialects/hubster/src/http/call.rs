//! What a handler gets.

use std::sync::Arc;

use axum::http::HeaderMap;
use bytes::Bytes;
use dialect_common::pieces::Unread;
use hub::{Caller, Grant, Hub, HubError, Limiter, Thing};
use model::Id;
use wire::Operation;
use wire::hubster::codes;

use super::error::{ApiError, Result};
use super::query::Query;
use super::reply::Reply;
use crate::guid::Named;
use crate::identity::{Tokens, Visitor};

/// The request behind a call.
pub(crate) struct Request {
    pub(crate) hub: Hub,
    pub(crate) operation: &'static Operation,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) limiter: Limiter,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    /// A form with files, unread.
    pub(crate) stream: Unread,
}

/// A call of anybody.
pub(crate) struct OpenCall {
    pub(crate) request: Request,
}

/// A call with a token for the portal.
pub(crate) struct PortalCall {
    pub(crate) caller: Arc<Caller>,
    pub(crate) request: Request,
}

/// A call with a token for the engine.
pub(crate) struct EngineCall {
    pub(crate) caller: Arc<Caller>,
    /// The visitor of a page, whose token opens one integration.
    pub(crate) visitor: Option<Visitor>,
    pub(crate) request: Request,
}

/// A future that a handler makes.
pub(crate) type Answer = futures::future::BoxFuture<'static, Result<Reply>>;

/// The function behind an operation, by what it needs.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Open to anybody.
    Open(fn(OpenCall) -> Answer),
    /// For who administers an account.
    Portal(fn(PortalCall) -> Answer),
    /// For who talks in the conversations of an account.
    Engine(fn(EngineCall) -> Answer),
}

impl Request {
    /// A parameter of the path; the path has it, or its operation is bound wrongly.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the path as an id.
    ///
    /// # Errors
    /// 203 for what is no GUID.
    pub(crate) fn named(&self, name: &str) -> Result<Named> {
        named(self.param(name))
    }
}

/// A text as an id; 203 for what is no GUID.
pub(crate) fn named(text: &str) -> Result<Named> {
    let malformed = || ApiError::of(codes::BAD_GUID, format!("Value '{text}' is not a valid GUID."));
    Named::read(text).ok_or_else(malformed)
}

impl PortalCall {
    /// The id of the path as the id of a thing; a GUID that is not ours is not found.
    pub(crate) fn id(&self, name: &str, thing: Thing) -> Result<Id> {
        let named = self.request.named(name)?;
        Ok(named.id().ok_or(HubError::NotFound(thing))?)
    }

    /// The grant for the hub of the path.
    pub(crate) async fn hub_of(&self, name: &str) -> Result<Grant> {
        let id = self.id(name, Thing::App)?;
        Ok(self.request.hub.grant(self.caller.clone(), id).await?)
    }
}

impl EngineCall {
    /// The conversation of the path, and the grant for its hub.
    pub(crate) async fn conversation(&self) -> Result<(Grant, Id)> {
        let id = self.request.named("id")?.id().ok_or(HubError::NotFound(Thing::Conversation))?;
        let grant = self.request.hub.grant_for_conversation(&self.caller, id).await?;
        if let Some(visitor) = &self.visitor {
            visitor.check_conversation(&self.request.hub, id).await?;
        }
        Ok((grant, id))
    }
}
