//! From the hub's views to the vendor's JSON. What is not set is left out (sunshine-v2.md §0.4).

pub(crate) mod client;
pub(crate) mod content;
pub(crate) mod conversation;
pub(crate) mod delivery;
pub(crate) mod device;
pub(crate) mod message;
pub(crate) mod page;
pub(crate) mod participant;
pub(crate) mod source;
pub(crate) mod user;
