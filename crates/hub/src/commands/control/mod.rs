//! The four switchboard actions.

mod act;

pub use act::ControlDraft;
