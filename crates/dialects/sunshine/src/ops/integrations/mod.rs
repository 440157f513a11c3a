//! Integrations.

pub(crate) mod create_integration;
pub(crate) mod delete_integration;
pub(crate) mod get_integration;
pub(crate) mod list_integrations;
pub(crate) mod update_integration;
