//! Participants of conversations.

pub(crate) mod join_conversation;
pub(crate) mod leave_conversation;
pub(crate) mod list_participants;
