//! The members of switchboards.

pub(crate) mod create_switchboard_integration;
pub(crate) mod delete_switchboard_integration;
pub(crate) mod list_switchboard_integrations;
pub(crate) mod update_switchboard_integration;
