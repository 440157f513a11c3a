//! What comes through channels: one callback of a provider is one command (channels.md §0.1).

mod answered;
mod echoed;
mod edited;
mod files;
mod pressed;
mod ready;
mod receipt;
mod receive;
mod said;
mod speaking;
#[cfg(test)]
mod tests;

pub use receive::{Newcomer, Received};
