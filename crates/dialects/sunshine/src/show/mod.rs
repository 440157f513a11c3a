//! From the hub's views to the vendor's JSON. What is not set is left out (sunshine-v2.md §0.4).

pub(crate) mod app;
pub(crate) mod client;
pub(crate) mod content;
pub(crate) mod conversation;
pub(crate) mod delivery;
pub(crate) mod device;
pub(crate) mod integration;
pub(crate) mod key;
pub(crate) mod message;
pub(crate) mod page;
pub(crate) mod participant;
pub(crate) mod source;
pub(crate) mod switchboard;
pub(crate) mod user;
pub(crate) mod webhook;
