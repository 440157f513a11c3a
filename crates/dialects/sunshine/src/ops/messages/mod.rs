//! Messages.

pub(crate) mod delete_all_messages;
pub(crate) mod delete_message;
pub(crate) mod list_messages;
pub(crate) mod post_message;
