//! The JSON types of requests, replies and events; one file a subject, all of them reachable from here.
//!
//! Ids and times are plain strings (`YYYY-MM-DDThh:mm:ss.SSSZ`). Fields that are not set are left out.
//! Requests ignore fields that they do not know; in creating ones null counts as absent.

mod action;
mod activity;
mod app;
mod attachment;
mod client;
mod content;
mod control;
mod conversation;
mod device;
mod error;
mod event;
mod form;
mod integration;
mod key;
mod message;
mod message_out;
mod new;
mod oauth;
mod page;
mod participant;
mod payload;
mod switchboard;
mod user;
mod webhook;

pub use action::*;
pub use activity::*;
pub use app::*;
pub use attachment::*;
pub use client::*;
pub use content::*;
pub use control::*;
pub use conversation::*;
pub use device::*;
pub use error::*;
pub use event::*;
pub use form::*;
pub use integration::*;
pub use key::*;
pub use message::*;
pub use message_out::*;
pub use oauth::*;
pub use page::*;
pub use participant::*;
pub use payload::*;
pub use switchboard::*;
pub use user::*;
pub use webhook::*;

/// Custom properties: flat, 4 KB at most; what is in them is not checked here.
pub type Metadata = serde_json::Map<String, serde_json::Value>;
