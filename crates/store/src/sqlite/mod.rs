//! The SQLite engine: one writer thread with group commit, a few readers, a checkpoint thread.

pub(crate) mod backup;
pub(crate) mod bind;
pub(crate) mod checkpoint;
pub(crate) mod connection;
pub(crate) mod readers;
pub(crate) mod writer;
