//! Access for partners (sunshine-v2.md §1.8).

use crate::secret::Secret;
use serde::{Deserialize, Serialize};

/// Query of Authorize.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AuthorizeQuery {
    /// The partner's client; required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// `code`; required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_type: Option<String>,
    /// Comes back unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// One of the client's addresses; the first one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
}

/// Body of GetToken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenBody {
    /// What Authorize gave.
    pub code: Secret,
    /// `authorization_code`.
    pub grant_type: String,
    /// The partner's client.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
}

/// Reply of GetToken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The token.
    pub access_token: Secret,
    /// `Bearer`.
    pub token_type: String,
}
