//! Conversations.

pub(crate) mod create_conversation;
pub(crate) mod delete_conversation;
pub(crate) mod download_message_ref;
pub(crate) mod get_conversation;
pub(crate) mod list_conversations;
pub(crate) mod post_conversion_events;
pub(crate) mod update_conversation;
