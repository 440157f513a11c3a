//! API keys of custom integrations.

pub(crate) mod create_integration_key;
pub(crate) mod delete_integration_key;
pub(crate) mod get_integration_key;
pub(crate) mod list_integration_keys;
