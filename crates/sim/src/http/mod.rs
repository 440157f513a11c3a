//! Requests and answers as the fakes see them.

pub(crate) mod client;
mod form;
mod incoming;
mod reply;
mod server;

pub(crate) use form::{Upload, multipart, pairs};
pub(crate) use incoming::Incoming;
pub(crate) use reply::{Refusal, Reply};
pub(crate) use server::{Ending, is_loopback, serve};
