//! The four switchboard actions.

mod act;

pub use act::ControlDraft;
pub(crate) use act::{ActOnControl, refused};
