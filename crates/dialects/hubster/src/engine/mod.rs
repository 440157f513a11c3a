//! The engine: conversations, activities, Direct (hubster.md §2.5–2.8).

pub(crate) mod activities;
mod commands;
pub(crate) mod conversations;
pub(crate) mod inbound;
