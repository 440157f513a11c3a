//! API keys of apps.

pub(crate) mod create_app_key;
pub(crate) mod delete_app_key;
pub(crate) mod get_app_key;
pub(crate) mod list_app_keys;
