//! Apps and their settings (sunshine-v2.md §10.4).

use crate::patch::Patch;
use serde::{Deserialize, Serialize};

use super::Metadata;
use super::page::{Links, Meta};

/// An app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// Its id.
    pub id: String,
    /// Its name, 1–100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<AppSettings>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Only in GetApp and GetTokenInfo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdomain: Option<String>,
}

/// Settings of an app, in a reply and at creation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSettings {
    /// Messages are deleted after so many seconds without activity; 0 or absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_retention_seconds: Option<u64>,
    /// Whether card-like numbers are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_credit_card_numbers: Option<bool>,
    /// Whether nameless users get the name of an animal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_animal_names: Option<bool>,
    /// Whether a postback also makes a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo_postback: Option<bool>,
    /// Whether channel events that are no messages begin no conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_auto_conversation_start: Option<bool>,
    /// Whether users may have several conversations; cannot be switched off again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_convo_enabled: Option<bool>,
    /// Whether our own texts follow the user's locale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_localization_enabled: Option<bool>,
    /// Whether users may end a conversation; needs `multiConvoEnabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_enabled: Option<bool>,
    /// Whether a closed conversation stays closed; needs `multiConvoEnabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_conversation_reopen: Option<bool>,
}

/// Changes of settings, merged per key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSettingsUpdate {
    /// See [`AppSettings`]; null switches it off.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub conversation_retention_seconds: Patch<u64>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_credit_card_numbers: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_animal_names: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo_postback: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_auto_conversation_start: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_convo_enabled: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_localization_enabled: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_enabled: Option<bool>,
    /// See [`AppSettings`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_conversation_reopen: Option<bool>,
}

/// Body of CreateApp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppCreateBody {
    /// Its name, 1–100 characters.
    pub display_name: String,
    /// Its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<AppSettings>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Body of UpdateApp.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppUpdateBody {
    /// Its name, 1–100 characters.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub display_name: Patch<String>,
    /// Changed settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<AppSettingsUpdate>,
    /// Merged per key; a null removes its key.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub metadata: Patch<Metadata>,
}

/// Reply with one app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppResponse {
    /// The app.
    pub app: App,
}

/// Reply of ListApps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppListResponse {
    /// The apps of the page.
    pub apps: Vec<App>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}
