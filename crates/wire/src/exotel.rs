//! Exotel's integrations core: operations and JSON (exotel.md).

pub mod openapi;
pub mod table;
pub mod types;

pub use openapi::OPENAPI_EXOTEL;
pub use table::{OPERATIONS, operation};
