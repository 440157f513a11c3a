//! Identity: access tokens and what buys them (hubster.md §3).

mod client_id;
pub(crate) mod discovery;
pub(crate) mod token;
mod tokens;
mod visitor;
pub(crate) mod web_chat;

pub(crate) use client_id::{Audience, ClientId};
pub(crate) use tokens::Tokens;
pub(crate) use visitor::Visitor;
