//! The description of the API as a document.

/// An OpenAPI 3.0 document in JSON, made by `openapi/generate.py`.
pub const OPENAPI_EXOTEL: &str = include_str!("../../openapi/exotel.json");
