//! The engine: conversations, activities, Direct, files (hubster.md §2.5–2.8, §9.7).

pub(crate) mod activities;
mod commands;
pub(crate) mod conversations;
mod customer;
pub(crate) mod inbound;
pub(crate) mod resources;
