//! The form of every refusal (sunshine-v2.md §2.1).

use serde::{Deserialize, Serialize};

/// The body of every 4xx and 5xx.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// What went wrong; more than one only with 400.
    pub errors: Vec<ErrorEntry>,
}

/// One reason of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorEntry {
    /// A short name, as `not_found`.
    pub code: String,
    /// A sentence for humans.
    pub title: String,
}

impl ErrorResponse {
    /// A refusal with one reason.
    pub fn one(code: impl Into<String>, title: impl Into<String>) -> ErrorResponse {
        ErrorResponse { errors: vec![ErrorEntry { code: code.into(), title: title.into() }] }
    }
}

/// The body of a success that has nothing to say: `{}` (sunshine-v2.md §0.7).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Empty {}
