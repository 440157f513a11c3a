//! Conversations and who takes part in them.

mod close;
mod create;
pub(crate) mod delete;
mod join;
mod leave;
pub(crate) mod participant;
mod update;

pub use create::ConversationDraft;
pub use leave::Leaver;
pub use participant::ParticipantDraft;
pub use update::ConversationPatch;
