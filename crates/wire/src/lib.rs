//! The vendors' JSON and operation tables, written once for the dialects and for the client.
//!
//! Values only: no rule of the product, no I/O, no clock. What a request may contain is described
//! here (types, [`sunshine::limits`], [`sunshine::integrations`]); whether it is allowed is the
//! business of whoever reads it.

pub mod body;
pub mod crosspoint;
pub mod exotel;
pub mod hubster;
pub mod operation;
pub mod patch;
pub mod secret;
pub mod sunshine;

mod string_enum;
mod union;

pub use body::{BodyError, parse_body, parse_object};
pub use operation::{Auth, Body, Method, Operation, Scope};
pub use patch::Patch;
pub use secret::Secret;
