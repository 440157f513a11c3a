//! Switchboards and their members (sunshine-v2.md §8.1).

mod create;
mod delete;
mod member;
mod update;

pub use member::{MemberDraft, MemberPatch};
pub use update::SwitchboardPatch;
