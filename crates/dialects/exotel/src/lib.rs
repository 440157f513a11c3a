//! Exotel's integrations core (`/v2/integrations/…`), spoken on the hub: parse, authenticate,
//! translate (exotel.md).
//!
//! No rule of the product lives here. Routes and scopes come from the operation table in `wire`; each
//! operation is bound to one handler in `ops`. Every answer is an envelope.

mod config;
mod http;
mod notice;
mod ops;

pub use config::ExotelConfig;
pub use http::reply::error_body;
pub use http::router::{PREFIX, router};
pub use notice::NoticeRenderer;
