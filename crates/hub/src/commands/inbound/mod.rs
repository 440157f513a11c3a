//! What comes through channels: one callback of a provider is one command (channels.md §0.1).

mod ready;
mod receipt;
mod receive;
mod say;
#[cfg(test)]
mod tests;

pub use receive::{Newcomer, Received};
