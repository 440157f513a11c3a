//! Hubster's integrations API: operations, enums, JSON, error codes (hubster.md).

pub mod codes;
pub mod signalr;
pub mod table;
pub mod types;

mod numbered;

pub use codes::ErrorCode;
pub use table::{EVENTS, OPERATIONS, operation};
