//! Users.

mod create;
mod delete;
mod forget;
pub(crate) mod sweep;
mod sync;
#[cfg(test)]
mod tests;
mod update;

pub use create::UserDraft;
pub use update::{ProfilePatch, UserPatch};
