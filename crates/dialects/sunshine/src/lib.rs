//! Sunshine Conversations v2, spoken on the hub: parse, authenticate, validate, translate.
//!
//! No rule of the product lives here. Routes, scopes and limits come from the operation tables in
//! `wire`; each operation is bound to one handler in `ops`.

mod config;
mod events;
mod http;
mod ops;
#[doc(hidden)]
pub mod parsers;
mod show;
mod validate;

pub use config::SunshineConfig;
pub use events::SunshineRenderer;
pub use http::auth::authenticate_headers;
pub use http::error::error_body;
#[doc(hidden)]
pub use http::router::floor_router;
pub use http::router::router;
