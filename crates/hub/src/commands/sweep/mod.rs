//! Removing what was deleted, in slices, so that no transaction touches an unbounded number of rows
//! (decision 13).

mod app;
mod conversation;
mod departed;
mod events;
mod expire;
mod integration;
mod messages;
mod orphans;
mod receipts;
mod subscription;
mod sweeper;
#[cfg(test)]
mod tests;

pub(crate) use departed::remove_row;
pub(crate) use events::EventsProgress;
