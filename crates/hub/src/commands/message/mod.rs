//! Messages.

mod delete;
pub(crate) mod delete_all;
mod draft;
mod floor;
mod post;

pub use draft::{AuthorDraft, MessageDraft};
pub(crate) use draft::{ReadyContent, mask};
