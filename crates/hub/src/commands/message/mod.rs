//! Messages.

mod delete;
pub(crate) mod delete_all;
mod draft;
mod floor;
mod post;

pub(crate) use draft::ReadyContent;
pub use draft::{AuthorDraft, MessageDraft};
