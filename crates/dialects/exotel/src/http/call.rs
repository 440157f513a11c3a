//! What a handler gets. A handler that names no grant cannot get at an app.

use std::sync::Arc;

use bytes::Bytes;
use dialect_common::route::PathParams;
use hub::{Caller, Grant, Hub};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use super::error::{ApiError, Result};
use crate::config::ExotelConfig;

/// The request behind a call.
pub(crate) struct Request {
    pub(crate) hub: Hub,
    pub(crate) config: ExotelConfig,
    pub(crate) query: Query,
    pub(crate) params: Params,
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

/// What an answer says, written already: a list of a thousand settings is written once.
pub(crate) type Data = Box<RawValue>;

/// A future that a handler makes.
pub(crate) type Answer = futures::future::BoxFuture<'static, Result<Data>>;

/// The function behind an operation, by what it needs.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Open to anybody.
    Open(fn(OpenCall) -> Answer),
    /// Needs to know who calls.
    Caller(fn(CallerCall) -> Answer),
    /// Acts on the app of the token.
    App(fn(AppCall) -> Answer),
    /// Acts on the app of the token, which the path names too; answers without an envelope.
    Newer(fn(AppCall) -> Answer),
}

/// What a path says in its variable parts, percent-decoded.
pub(crate) struct Params(pub(crate) PathParams);

impl Params {
    /// The part of this name; empty when the path has none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

/// A query string, parsed and as it came.
pub(crate) struct Query(Vec<(String, String)>, String);

impl Query {
    pub(crate) fn parse(text: &str) -> Query {
        Query(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect(), text.to_owned())
    }

    /// The first parameter of this name, of a caller who does not encode it: a plus is a plus.
    pub(crate) fn unencoded(&self, name: &str) -> Option<String> {
        let value = |part: &str| part.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        let found = self.1.split('&').find_map(value)?;
        percent_decode_str(&found).decode_utf8().ok().map(std::borrow::Cow::into_owned)
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
pub(crate) fn data(value: &impl Serialize) -> Result<Data> {
    to_raw_value(value).map_err(|error| {
        tracing::error!(%error, "a reply could not be written");
        ApiError::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_may_be_one() {
        let query = Query::parse("a=1&user_id=ann+bell@x%2Bample.com&user_id=b");
        assert_eq!(query.unencoded("user_id").as_deref(), Some("ann+bell@x+ample.com"));
        assert_eq!(query.any(&["user_id"]), Some("ann bell@x+ample.com"));
        assert_eq!(query.unencoded("user"), None);
    }
}
