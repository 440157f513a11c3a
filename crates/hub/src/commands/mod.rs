//! Changes, one file each.

pub(crate) mod access_token;
pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod agent;
pub(crate) mod app;
pub(crate) mod attachment;
pub(crate) mod client;
pub(crate) mod control;
pub(crate) mod conversation;
pub(crate) mod conversion;
mod delivery;
pub(crate) mod endpoint;
pub(crate) mod exchange;
pub(crate) mod inbound;
pub(crate) mod integration;
pub(crate) mod key;
pub(crate) mod message;
pub(crate) mod oauth;
pub(crate) mod prepared;
pub(crate) mod registration;
pub(crate) mod setting;
pub(crate) mod sweep;
pub(crate) mod switchboard;
pub(crate) mod user;
pub(crate) mod webhook;
