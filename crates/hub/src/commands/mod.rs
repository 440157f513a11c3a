//! Changes, one file each.

pub(crate) mod activity;
pub(crate) mod attachment;
pub(crate) mod client;
pub(crate) mod control;
pub(crate) mod conversation;
pub(crate) mod message;
pub(crate) mod sweep;
pub(crate) mod user;
