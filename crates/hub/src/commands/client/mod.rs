//! Clients: links to channels.

mod create;
mod draft;
mod expire;
mod remove;
#[cfg(test)]
mod tests;

pub use draft::LinkDraft;
