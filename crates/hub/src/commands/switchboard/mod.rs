//! Switchboards and their members (sunshine-v2.md §8.1).

mod create;
mod delete;
mod member;
#[cfg(test)]
mod tests;
mod update;

pub use member::{MemberDraft, MemberPatch};
pub use update::SwitchboardPatch;
