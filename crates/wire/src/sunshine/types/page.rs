//! Pages and filters of lists (sunshine-v2.md §3).

use serde::{Deserialize, Serialize};

/// How a list goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Whether more records follow in the direction of the request.
    #[serde(default)]
    pub has_more: bool,
    /// Cursor of the next page, 24 characters; only when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_cursor: Option<String>,
    /// Cursor of the previous page, 24 characters; only when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_cursor: Option<String>,
}

/// Absolute addresses of the neighbouring pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The previous page; only when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// The next page; only when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What part of a list is asked for; `after` and `before` exclude each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Records that follow this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Records that precede this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How many, 1–100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
}

/// Filter of ListApps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppFilter {
    /// Only apps of this service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_id: Option<String>,
}

/// Filter of ListConversations: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationFilter {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The user's external id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_external_id: Option<String>,
}

/// Filter of ListIntegrations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntegrationFilter {
    /// Comma-separated types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<String>,
}

/// Filter of ListUsers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserFilter {
    /// An e-mail address among the identities; required.
    #[serde(rename = "identities.email", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}
