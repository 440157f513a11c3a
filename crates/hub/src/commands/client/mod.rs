//! Clients: links to channels.

mod create;
mod expire;
mod remove;

pub use create::{Confirmation, LinkDraft};
