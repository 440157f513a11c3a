//! What a handler gets. A handler that names no grant cannot get at an app.

use std::sync::Arc;

use bytes::Bytes;
use hub::{Caller, Grant, Hub};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{ApiError, Result};

/// The request behind a call.
pub(crate) struct Request {
    pub(crate) hub: Hub,
    pub(crate) query: Query,
    /// The body; empty for operations without one.
    pub(crate) bytes: Bytes,
}

/// A call of anybody.
pub(crate) struct OpenCall {
    pub(crate) request: Request,
}

/// A call of somebody who is known.
pub(crate) struct CallerCall {
    pub(crate) caller: Arc<Caller>,
    pub(crate) request: Request,
}

/// A call on the app of the token.
pub(crate) struct AppCall {
    pub(crate) grant: Grant,
    pub(crate) request: Request,
}

/// A future that a handler makes.
pub(crate) type Answer = futures::future::BoxFuture<'static, Result<Value>>;

/// The function behind an operation, by what it needs.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Open to anybody.
    Open(fn(OpenCall) -> Answer),
    /// Needs to know who calls.
    Caller(fn(CallerCall) -> Answer),
    /// Acts on the app of the token.
    App(fn(AppCall) -> Answer),
}

/// A parsed query string.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Query {
        Query(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The first parameter of one of these names; an empty one counts as given.
    pub(crate) fn any(&self, names: &[&str]) -> Option<&str> {
        let named = |(name, _): &&(String, String)| names.contains(&name.as_str());
        self.0.iter().find(named).map(|(_, value)| value.as_str())
    }
}

impl Request {
    /// The JSON body as a value of this type; an empty one counts as `{}`.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let bytes: &[u8] = if self.bytes.is_empty() { b"{}" } else { &self.bytes };
        Ok(wire::parse_body(bytes)?)
    }
}

/// A value as the data of an envelope.
pub(crate) fn data(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| {
        tracing::error!(%error, "a reply could not be written");
        ApiError::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    })
}
