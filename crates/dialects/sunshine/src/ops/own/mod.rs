//! Crosspoint's own routes (decisions 46, 47, 49 and 50).

pub(crate) mod close_conversation;
pub(crate) mod list_deliveries;
pub(crate) mod list_events;
pub(crate) mod reopen_conversation;
pub(crate) mod replay_delivery;
pub(crate) mod settings;
