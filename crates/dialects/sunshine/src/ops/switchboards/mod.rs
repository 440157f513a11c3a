//! Switchboards.

pub(crate) mod create_switchboard;
pub(crate) mod delete_switchboard;
pub(crate) mod list_switchboards;
pub(crate) mod update_switchboard;
