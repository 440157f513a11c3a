//! Sunshine Conversations v2: operation table, JSON types, limits, integration fields.

pub mod integrations;
pub mod limitations;
pub mod limits;
pub mod openapi;
pub mod table;
pub mod types;

pub use integrations::{FieldKind, IntegrationField, IntegrationKind, integration_type};
pub use limitations::{LIMITATIONS, limitation};
pub use openapi::OPENAPI_SUNSHINE;
pub use table::{OPERATIONS, operation};
