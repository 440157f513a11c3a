//! Exotel's integrations core: operations and JSON (exotel.md).

pub mod notice;
pub mod openapi;
pub mod settings;
pub mod table;
pub mod types;
pub mod users;

pub use openapi::OPENAPI_EXOTEL;
pub use table::{OPERATIONS, operation};
