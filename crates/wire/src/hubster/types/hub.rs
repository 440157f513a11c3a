//! Hubs and numbered pages (hubster.md §2.2).

use serde::{Deserialize, Serialize};

/// A hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hub {
    /// Its id, a GUID.
    pub hub_id: String,
    /// The tenant, a GUID.
    pub tenant_id: String,
    /// Unique for the tenant.
    pub name: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Conversations close after so many days without a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_dormant_conversation: Option<i64>,
    /// See [`super::status`].
    pub status_id: i64,
    /// When it was made: ISO 8601 without a zone. Only conversations show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it was last changed: ISO 8601 without a zone. Only conversations show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

/// A page of a list that is read by number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberedPage<T> {
    /// Which page, from 0 on.
    pub page_number: u64,
    /// Entries of a page.
    pub page_size: u64,
    /// Entries of all pages.
    pub total: u64,
    /// The entries.
    pub results: Vec<T>,
}
