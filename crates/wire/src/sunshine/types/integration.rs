//! Integrations (sunshine-v2.md §10.1). What each type holds is a table:
//! [`integrations`](crate::sunshine::integrations).

use crate::patch::Patch;
use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::page::{Links, Meta};

string_enum! {
    /// The type of an integration.
    pub enum IntegrationType {
        Android = "android",
        Apple = "apple",
        Custom = "custom",
        Instagram = "instagram",
        Ios = "ios",
        Line = "line",
        Mailgun = "mailgun",
        MessageBird = "messagebird",
        Messenger = "messenger",
        Telegram = "telegram",
        Twilio = "twilio",
        Twitter = "twitter",
        Unity = "unity",
        Viber = "viber",
        Web = "web",
        WhatsApp = "whatsapp",
    }
}

string_enum! {
    /// Whether an integration works.
    pub enum IntegrationStatus {
        Inactive = "inactive",
        Active = "active",
        Error = "error",
    }
}

/// An integration in a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// Its id.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: IntegrationType,
    /// Whether it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<IntegrationStatus>,
    /// Its name, up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The fields of its type.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// How an integration does at its provider; a field `health` of ours, which the vendor's API has not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationHealth {
    /// Why the provider refuses it, while it does; or that the server does not speak to the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the provider last took something, or told something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good_at: Option<String>,
}

/// Body of CreateIntegration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationCreateBody {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: IntegrationType,
    /// Its name, up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The fields of its type, unchecked.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Body of UpdateIntegration; it names no type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationUpdateBody {
    /// Its name, 1–100 characters.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub display_name: Patch<String>,
    /// The fields of its type, unchecked; null clears.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Who answers first on an integration; read-only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DefaultResponder {
    /// The name of the switchboard integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The integration behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// Its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
    /// Whether it hears what others handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver_standby_events: Option<bool>,
    /// Its successor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_switchboard_integration_id: Option<String>,
    /// How many messages it gets at a hand-over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_history_count: Option<Number>,
    /// Whether it is the switchboard's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<bool>,
}

/// What the messenger asks before the first message; the field `prechatCapture` of type `web`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrechatCapture {
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// Whether it asks; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether an e-mail address is linked; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_email_linking: Option<bool>,
    /// The questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<super::FormField>>,
}

/// Reply with one integration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntegrationResponse {
    /// The integration.
    pub integration: Integration,
}

/// Reply of ListIntegrations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntegrationListResponse {
    /// The integrations of the page.
    pub integrations: Vec<Integration>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}
