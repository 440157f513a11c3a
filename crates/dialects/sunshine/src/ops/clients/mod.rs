//! Clients of users.

pub(crate) mod create_client;
pub(crate) mod list_clients;
pub(crate) mod remove_client;
