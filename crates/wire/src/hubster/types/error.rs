//! Errors (hubster.md §8 and §3.3).

use serde::{Deserialize, Serialize};

/// The body of an error: one entry for each fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorEnvelope {
    /// The HTTP status again.
    pub status: u16,
    /// What is wrong.
    pub errors: Vec<ErrorEntry>,
    /// Under which name the server's log has it; with faults of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_id: Option<String>,
    /// When it happened, ISO 8601; with faults of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorEntry {
    /// The numeric tail of the code.
    pub code: u32,
    /// For people; ends in ` (code: PRT000301)`.
    pub description: String,
}

/// The body of a refused token request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    /// The kind of refusal, for example `invalid_client`.
    pub error: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}
