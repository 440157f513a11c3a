//! Crosspoint's own routes: what the vendor's API has no word for (decisions 47, 49 and 50).

pub mod openapi;
pub mod table;
pub mod types;

pub use openapi::OPENAPI_CROSSPOINT;
pub use table::{FORMS, OPERATIONS, operation};
