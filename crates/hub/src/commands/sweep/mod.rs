//! Removing what was deleted, in slices, so that no transaction touches an unbounded number of rows
//! (decision 13).

mod app;
mod conversation;
#[cfg(test)]
mod damage_tests;
mod departed;
mod events;
mod expire;
mod files;
mod integration;
mod messages;
mod orphans;
mod receipts;
mod sends;
mod settled;
mod steps;
mod subscription;
mod sweeper;
#[cfg(test)]
mod tests;

pub(crate) use departed::remove_row;
pub(crate) use events::EventsProgress;
pub(crate) use steps::unless_damaged;

/// How a slice of a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slice {
    /// Nothing is left of the root.
    Done,
    /// Something was done, and something is left.
    More,
    /// Nothing was done: what is left is another root's, which goes first.
    Waits,
}

impl Slice {
    /// Of a sweep that waits for no other.
    fn of(is_done: bool) -> Slice {
        match is_done {
            true => Slice::Done,
            false => Slice::More,
        }
    }
}
