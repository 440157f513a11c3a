//! From an HTTP request to a handler's call, and from its reply back.

pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod query;
pub(crate) mod reply;
pub(crate) mod router;
pub(crate) mod token;
