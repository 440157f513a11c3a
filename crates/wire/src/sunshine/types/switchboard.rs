//! Switchboards and their integrations (sunshine-v2.md §8.1).

use crate::patch::Patch;
use serde::{Deserialize, Serialize};

/// A switchboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Switchboard {
    /// Its id.
    pub id: String,
    /// Whether it steers conversations.
    pub enabled: bool,
    /// Who gets new conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_switchboard_integration_id: Option<String>,
}

/// Body of UpdateSwitchboard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardUpdateBody {
    /// Whether it steers conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Who gets new conversations; null for nobody.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub default_switchboard_integration_id: Patch<String>,
}

/// Reply with one switchboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchboardResponse {
    /// The switchboard.
    pub switchboard: Switchboard,
}

/// Reply of ListSwitchboards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchboardListResponse {
    /// The switchboards, one an app.
    pub switchboards: Vec<Switchboard>,
}

/// A switchboard integration as a conversation shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegrationSummary {
    /// Its id; not that of the integration behind it.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The integration behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// Its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
}

/// An integration in a switchboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegration {
    /// Its id.
    pub id: String,
    /// Its name: up to 128 letters, digits, `_` and `-`.
    pub name: String,
    /// The integration behind it.
    pub integration_id: String,
    /// `custom` or the id of an OAuth client.
    pub integration_type: String,
    /// Whether it hears what others handle.
    pub deliver_standby_events: bool,
    /// Whom `next` means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_switchboard_integration_id: Option<String>,
    /// How many messages it gets at a hand-over, 1–10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_history_count: Option<u32>,
}

/// Body of CreateSwitchboardIntegration; integrationId and integrationType exclude each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegrationCreateBody {
    /// Its name: up to 128 letters, digits, `_` and `-`.
    pub name: String,
    /// A custom integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// The id of an OAuth client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
    /// Whether it hears what others handle; true when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver_standby_events: Option<bool>,
    /// Whom `next` means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_switchboard_integration_id: Option<String>,
    /// How many messages it gets at a hand-over, 1–10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_history_count: Option<u32>,
}

/// Body of UpdateSwitchboardIntegration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegrationUpdateBody {
    /// Its name: up to 128 letters, digits, `_` and `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A custom integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// The id of an OAuth client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
    /// Whether it hears what others handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver_standby_events: Option<bool>,
    /// Whom `next` means; null for nobody.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub next_switchboard_integration_id: Patch<String>,
    /// How many messages it gets at a hand-over, 1–10; null for none.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub message_history_count: Patch<u32>,
}

/// Reply with one switchboard integration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegrationResponse {
    /// The switchboard integration.
    pub switchboard_integration: SwitchboardIntegration,
}

/// Reply of ListSwitchboardIntegrations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SwitchboardIntegrationListResponse {
    /// The switchboard integrations, ten at most.
    pub switchboard_integrations: Vec<SwitchboardIntegration>,
}
