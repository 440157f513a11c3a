//! API keys of apps and of custom integrations (sunshine-v2.md §10.2, §10.3).

use crate::secret::Secret;
use serde::{Deserialize, Serialize};

/// An API key; the first four letters of the id tell its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// `app_…` or `int_…`.
    pub id: String,
    /// Its name, 1–100 characters.
    pub display_name: String,
    /// In the reply that makes it; later only where the server is told to show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

/// Body of CreateAppKey and CreateCustomIntegrationKey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCreateBody {
    /// Its name, 1–100 characters.
    pub display_name: String,
}

/// Reply with one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyResponse {
    /// The key.
    pub key: Key,
}

/// Reply of ListAppKeys and ListCustomIntegrationKeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyListResponse {
    /// The keys, ten at most.
    pub keys: Vec<Key>,
}
