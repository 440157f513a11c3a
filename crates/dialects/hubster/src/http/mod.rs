//! Requests and answers: routes, tokens, bodies, pages, errors.

pub(crate) mod auth;
pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod query;
pub(crate) mod reply;
pub(crate) mod router;
