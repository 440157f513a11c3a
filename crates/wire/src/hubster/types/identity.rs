//! Tokens and clients (hubster.md §2.1 and §3).

use serde::{Deserialize, Serialize};

/// An access token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenReply {
    /// A JWT.
    pub access_token: String,
    /// How long it is good for, seconds. WebChat tokens give minutes (hubster.md §3.4).
    pub expires_in: u64,
    /// `Bearer`, or `WebBearer` for a page's visitors.
    pub token_type: String,
    /// The resource that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// A client of a tenant: what buys tokens for one resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// The tenant, a GUID.
    pub tenant_id: String,
    /// Its id.
    pub client_id: String,
    /// For people.
    pub name: String,
    /// Whether it buys tokens.
    pub enabled: bool,
    /// The resources that its tokens open.
    pub allowed_scopes: Vec<String>,
    /// What its tokens claim.
    pub claims: Vec<ClientClaim>,
    /// Its secrets, oldest first.
    pub secrets: Vec<ClientSecret>,
}

/// A claim of a client's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientClaim {
    /// Its name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value.
    pub value: String,
}

/// A secret of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// Its id.
    pub id: i64,
    /// For people; unique for the client.
    pub name: String,
    /// The secret itself where it is made; later on only how it begins.
    pub token: String,
    /// When it ends: ISO 8601 in UTC without a zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<String>,
}
