//! Crosspoint's own routes (decisions 46 to 50).

pub(crate) mod close_conversation;
pub(crate) mod list_deliveries;
pub(crate) mod list_events;
pub(crate) mod preview_message;
pub(crate) mod reopen_conversation;
pub(crate) mod replay_delivery;
pub(crate) mod settings;
