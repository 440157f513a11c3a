//! Webhooks and what they can subscribe to (sunshine-v2.md §9).

use crate::secret::Secret;
use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};

string_enum! {
    /// What a webhook can subscribe to; also the type of an event.
    pub enum Trigger {
        ClientAdd = "client:add",
        ClientRemove = "client:remove",
        ClientUpdate = "client:update",
        ConversationCreate = "conversation:create",
        ConversationJoin = "conversation:join",
        ConversationLeave = "conversation:leave",
        ConversationRemove = "conversation:remove",
        ConversationMessage = "conversation:message",
        DeliveryChannel = "conversation:message:delivery:channel",
        DeliveryFailure = "conversation:message:delivery:failure",
        DeliveryUser = "conversation:message:delivery:user",
        ConversationPostback = "conversation:postback",
        ConversationRead = "conversation:read",
        ConversationReferral = "conversation:referral",
        ConversationTyping = "conversation:typing",
        PassthroughMessaging = "passthrough:messaging",
        AcceptControl = "switchboard:acceptControl",
        AcceptControlFailure = "switchboard:acceptControl:failure",
        OfferControl = "switchboard:offerControl",
        OfferControlFailure = "switchboard:offerControl:failure",
        PassControl = "switchboard:passControl",
        PassControlFailure = "switchboard:passControl:failure",
        ReleaseControl = "switchboard:releaseControl",
        UserMerge = "user:merge",
        UserUpdate = "user:update",
        UserRemove = "user:remove",
    }
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// `v2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where events are posted.
    pub target: String,
    /// What it subscribes to.
    pub triggers: Vec<Trigger>,
    /// Sent with each delivery as `X-API-Key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// Whether events carry users in full.
    #[serde(default)]
    pub include_full_user: bool,
    /// Whether events carry client and device of their source.
    #[serde(default)]
    pub include_full_source: bool,
}

/// Body of CreateWebhook, and the one webhook of a custom integration at its creation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookCreateBody {
    /// Where events are posted.
    pub target: String,
    /// What it subscribes to, at least one.
    pub triggers: Vec<Trigger>,
    /// Whether events carry users in full; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_full_user: Option<bool>,
    /// Whether events carry client and device of their source; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_full_source: Option<bool>,
}

/// Body of UpdateWebhook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookUpdateBody {
    /// Where events are posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What it subscribes to, at least one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triggers: Option<Vec<Trigger>>,
    /// Whether events carry users in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_full_user: Option<bool>,
    /// Whether events carry client and device of their source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_full_source: Option<bool>,
}

/// Reply with one webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookResponse {
    /// The webhook.
    pub webhook: Webhook,
}

/// Reply of ListWebhooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookListResponse {
    /// The webhooks, ten an app at most.
    pub webhooks: Vec<Webhook>,
}
