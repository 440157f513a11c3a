//! Hubster's integrations API, spoken on the hub: parse, authenticate, validate, translate.
//!
//! No rule of the product lives here. Routes, scopes and limits come from the operation table in
//! `wire`; each operation is bound to one handler.

mod activity;
mod config;
mod engine;
mod guid;
mod http;
mod identity;
mod message;
mod ops;
#[doc(hidden)]
pub mod parsers;
mod portal;
mod read;
#[doc(hidden)]
pub mod signalr;
mod webhook;

pub use config::HubsterConfig;
pub use http::error::internal_error_body;
pub use http::router::router;
pub use signalr::SignalrRenderer;
pub use webhook::HubsterRenderer;

use model::record::EventForm;

/// The form of this dialect's webhooks and socket messages.
pub const FORM: EventForm = EventForm::Hubster;
