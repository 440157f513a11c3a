//! What an integration's configuration holds, by channel (hubster.md §4.2–4.7).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChannelType, Integration, IntegrationCreate, IntegrationType, IntegrationUpdate, Message};
use crate::body::{BodyError, from_fields};
use crate::secret::Secret;

/// A channel's configuration.
pub trait Configure: Serialize + DeserializeOwned {
    /// The channel that has it.
    const CHANNEL: ChannelType;

    /// An active integration with this configuration.
    fn create(&self, name: impl Into<String>) -> IntegrationCreate {
        let configuration = fields(self);
        IntegrationCreate { channel_id: Self::CHANNEL, name: name.into(), status_id: None, configuration }
    }

    /// A change of the whole configuration to this one.
    fn update(&self) -> IntegrationUpdate {
        IntegrationUpdate { configuration: Some(fields(self)), ..IntegrationUpdate::default() }
    }

    /// Its members, as they stand in JSON.
    fn members(&self) -> Map<String, Value> {
        fields(self)
    }
}

/// The members with their names in capitals, as some routes write them (hubster.md §4.8).
pub fn capitalised(members: Map<String, Value>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (with_first(&name, true), value)).collect()
}

/// A name with its first letter large or small.
fn with_first(name: &str, large: bool) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    match large {
        true => first.to_uppercase().chain(letters).collect(),
        false => first.to_lowercase().chain(letters).collect(),
    }
}

/// Structs with texts as names always are objects.
fn fields(configuration: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(configuration) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl Integration {
    /// Its configuration, read. Some routes write the members' names with a capital in front, others do
    /// not (hubster.md §4.8); both are understood.
    ///
    /// # Errors
    /// [`BodyError`] when it is another channel's.
    pub fn configured<C: Configure>(&self) -> Result<C, BodyError> {
        let fields = self.configuration.iter().map(|(name, value)| (with_first(name, false), value.clone()));
        from_fields(&fields.collect())
    }
}

/// Of a Direct integration: the caller's own program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectConfiguration {
    /// Customer, Agent or Bot; fixed when the integration is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<IntegrationType>,
    /// Whether its own activities come back to it; not when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<bool>,
    /// Where activities are posted; over the events hub when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// What a customer is sent when a conversation opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Vec<Message>>,
    /// Makes new keys; in updates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regenerate_keys: Option<bool>,
    /// Names the key that signs; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_signing_key: Option<String>,
    /// The key that signs what is posted; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_signing_key: Option<Secret>,
}

impl DirectConfiguration {
    /// One for this side, over the events hub.
    pub fn of(side: IntegrationType) -> DirectConfiguration {
        DirectConfiguration {
            integration_type: Some(side),
            echo: None,
            webhook_url: None,
            start: None,
            regenerate_keys: None,
            public_signing_key: None,
            private_signing_key: None,
        }
    }

    /// With activities posted there.
    #[must_use]
    pub fn webhook(mut self, url: impl Into<String>) -> DirectConfiguration {
        self.webhook_url = Some(url.into());
        self
    }
}

/// Of a System integration: who listens to a hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemConfiguration {
    /// Where activities are posted.
    pub webhook_url: String,
    /// Which: `message`, `message:customer`, `message:agent`, `message:bot`; at least one.
    pub events: Vec<String>,
    /// Makes new keys; in updates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regenerate_keys: Option<bool>,
    /// Names the key that signs; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_signing_key: Option<String>,
    /// The key that signs what is posted; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_signing_key: Option<Secret>,
}

impl SystemConfiguration {
    /// Posts all messages of the hub there.
    pub fn new(webhook_url: impl Into<String>) -> SystemConfiguration {
        SystemConfiguration {
            webhook_url: webhook_url.into(),
            events: vec!["message".to_owned()],
            regenerate_keys: None,
            public_signing_key: None,
            private_signing_key: None,
        }
    }
}

/// Of a WebChat integration: the widget in a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebChatConfiguration {
    /// Hosts whose pages may show the widget, at least one, as `shop.example.com`.
    pub allowed_origins: Vec<String>,
    /// What a customer is sent when a conversation opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Vec<Message>>,
    /// Always true; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<bool>,
}

/// Of a TwilioSMS integration: a number at Twilio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TwilioConfiguration {
    /// The auth token.
    pub auth_token: Secret,
    /// The account, `AC…`.
    pub account_sid: String,
    /// The number, `PN…`.
    pub number_sid: String,
    /// The number itself, E.164; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// What the number can do; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Capabilities>,
}

/// What a number at Twilio can do; what is not said it cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    /// Pictures.
    #[serde(alias = "Mms")]
    pub mms: bool,
    /// Texts.
    #[serde(alias = "Sms")]
    pub sms: bool,
    /// Calls.
    #[serde(alias = "Voice")]
    pub voice: bool,
}

/// Of a Messenger integration: a page at Facebook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessengerConfiguration {
    /// The page's access token.
    pub page_access_token: Secret,
    /// The app that the token belongs to; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The page; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_id: Option<String>,
}

/// Of a Telegram integration. The vendor has the channel and no page about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TelegramConfiguration {
    /// The bot's token.
    pub bot_token: Secret,
}

/// Of a Line integration. The vendor has the channel and no page about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineConfiguration {
    /// The access token of the channel.
    pub channel_access_token: Secret,
    /// The secret of the channel.
    pub channel_secret: Secret,
}

/// Of a Slack integration: `code` with `state` or `nonce` is given, the rest comes back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlackConfiguration {
    /// What Slack's consent page gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// What proves that the consent was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The same under its later name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The bot's token; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_access_token: Option<Secret>,
    /// The app's token; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_access_token: Option<Secret>,
    /// The channel that is written to; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_public_channel: Option<String>,
    /// The workspace; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// The bot's name; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_name: Option<String>,
}

macro_rules! channels {
    ($($configuration:ty = $channel:ident;)*) => {$(
        impl Configure for $configuration {
            const CHANNEL: ChannelType = ChannelType::$channel;
        }
    )*};
}

channels! {
    DirectConfiguration = Direct;
    SystemConfiguration = System;
    WebChatConfiguration = WebChat;
    TwilioConfiguration = TwilioSMS;
    MessengerConfiguration = Messenger;
    TelegramConfiguration = Telegram;
    LineConfiguration = Line;
    SlackConfiguration = Slack;
}
