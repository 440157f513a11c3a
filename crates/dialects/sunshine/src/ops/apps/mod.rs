//! Apps.

pub(crate) mod create_app;
pub(crate) mod delete_app;
pub(crate) mod get_app;
pub(crate) mod list_apps;
pub(crate) mod update_app;
