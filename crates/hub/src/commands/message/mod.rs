//! Messages.

mod delete;
pub(crate) mod delete_all;
mod draft;
mod post;

pub use draft::{AuthorDraft, MessageDraft};
