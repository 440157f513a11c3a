//! HTTP: from a request to a call, from an outcome to an envelope.

pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod reply;
pub(crate) mod router;
