//! What a handler gets. A handler that names no grant cannot get at an app.

use std::sync::Arc;

use axum::http::HeaderMap;
use bytes::Bytes;
use dialect_common::pieces::Unread;
use hub::{Caller, Grant, Hub, Limiter, Once, Thing, UserRef};
use model::Id;
use serde::de::DeserializeOwned;
use wire::Operation;

use super::error::{ApiError, Result};
use super::query::Query;
use super::{body, reply::Reply};
use crate::validate::Checked;

/// The parameter that names a user.
pub(crate) const USER: &str = "userIdOrExternalId";

/// The request behind a call.
pub(crate) struct Request {
    pub(crate) hub: Hub,
    pub(crate) limiter: Limiter,
    pub(crate) operation: &'static Operation,
    pub(crate) params: Params,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    /// The JSON body; empty for operations without one.
    pub(crate) bytes: Bytes,
    /// The body of an upload, still to be read.
    pub(crate) stream: Unread,
    /// The path as it came, without the query.
    pub(crate) path: String,
    /// Path and query as they came.
    pub(crate) target: String,
}

/// A call on an app.
pub(crate) struct AppCall {
    pub(crate) grant: Grant,
    pub(crate) request: Request,
}

/// A call of somebody who is known, on no app of the path.
pub(crate) struct CallerCall {
    pub(crate) caller: Arc<Caller>,
    pub(crate) once: Option<Once>,
    pub(crate) request: Request,
}

/// A call of anybody.
pub(crate) struct OpenCall {
    pub(crate) request: Request,
}

/// A future that a handler makes.
pub(crate) type Answer = futures::future::BoxFuture<'static, Result<Reply>>;

/// The function behind an operation, by what it needs.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Acts on the app of the path.
    App(fn(AppCall) -> Answer),
    /// Needs to know who calls.
    Caller(fn(CallerCall) -> Answer),
    /// Open to anybody.
    Open(fn(OpenCall) -> Answer),
}

/// The parameters of a path, decoded.
#[derive(Clone, Default)]
pub(crate) struct Params {
    pub(crate) values: Vec<(String, String)>,
    /// The user, if every plus sign in the path stands for a space.
    pub(crate) user_as_form: Option<String>,
}

impl Params {
    /// A parameter as text; the path has it, or its operation is bound wrongly.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A parameter as the id of a thing; what is no id is not found.
    pub(crate) fn id(&self, name: &str, thing: Thing) -> Result<Id> {
        self.text(name).parse().map_err(|_| ApiError::not_found(thing))
    }

    /// The user of a path, within the brand that the query names.
    fn user(&self, query: &Query) -> UserRef {
        UserRef {
            name: self.text(USER).to_owned(),
            name_as_form: self.user_as_form.clone(),
            brand: query.get("brandId").map(str::to_owned),
        }
    }
}

impl AppCall {
    /// The user of the path.
    pub(crate) fn user(&self) -> UserRef {
        self.request.params.user(&self.request.query)
    }

    /// The conversation of the path.
    pub(crate) fn conversation(&self) -> Result<Id> {
        self.request.params.id("conversationId", Thing::Conversation)
    }

    /// The body once it is checked.
    pub(crate) fn body<T: DeserializeOwned, U>(&self, check: impl FnOnce(T) -> Checked<U>) -> Result<U> {
        Ok(check(self.request.json()?)?)
    }

    /// The body of a call on a conversation. A wrong body is told only to who may know that the
    /// conversation is there (sunshine-v2.md §1.7, order of the checks).
    pub(crate) async fn body_for<T: DeserializeOwned, U>(
        &self,
        conversation: Id,
        check: impl FnOnce(T) -> Checked<U>,
    ) -> Result<U> {
        self.body_below(self.request.hub.conversation(&self.grant, conversation), check).await
    }

    /// The same for a call on anything else, which `found` looks for.
    pub(crate) async fn body_below<T: DeserializeOwned, U, V>(
        &self,
        found: impl Future<Output = hub::Result<V>>,
        check: impl FnOnce(T) -> Checked<U>,
    ) -> Result<U> {
        match self.body(check) {
            Ok(checked) => Ok(checked),
            Err(refusal) => {
                found.await?;
                Err(refusal)
            }
        }
    }
}

impl Request {
    /// The JSON body as a value of this type.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        match self.bytes.is_empty() {
            true => body::parse(b"{}"),
            false => body::parse(&self.bytes),
        }
    }
}

/// A request that was made before under the same idempotency key: what its first result was.
pub(crate) struct Repeat {
    pub(crate) hub: Hub,
    pub(crate) grant: Grant,
    pub(crate) params: Params,
    query: Query,
    /// What names the result: an id, or nothing.
    pub(crate) result: String,
}

impl Repeat {
    /// What is needed to answer a repeat of this request.
    pub(crate) fn of(request: &Request, grant: Grant) -> Repeat {
        let (params, query) = (request.params.clone(), request.query.clone());
        Repeat { hub: request.hub.clone(), grant, params, query, result: String::new() }
    }

    /// The same for a request without an app in its path.
    pub(crate) fn of_app(hub: Hub, grant: Grant) -> Repeat {
        let result = grant.app.id.to_string();
        Repeat { hub, grant, params: Params::default(), query: Query::default(), result }
    }

    pub(crate) fn with(mut self, result: &str) -> Repeat {
        self.result = result.to_owned();
        self
    }

    /// The user of the path.
    pub(crate) fn user(&self) -> UserRef {
        self.params.user(&self.query)
    }

    /// The id of the result; what cannot be shown any more is not found.
    pub(crate) fn id(&self, thing: Thing) -> Result<Id> {
        self.result.parse().map_err(|_| ApiError::not_found(thing))
    }
}
