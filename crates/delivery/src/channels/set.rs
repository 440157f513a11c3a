//! The channels that this server speaks, and where their providers are.

use std::collections::HashMap;
use std::sync::Arc;

use channels::{Account, Channel, REGISTERED_URL};
use hub::OpenChannel;
use serde_json::Value;

use super::file::Room;
use crate::http::HttpClient;

/// What the operator decides about channels.
#[derive(Clone, Debug, Default)]
pub struct ChannelSettings {
    /// What providers are told, without a slash at the end.
    pub public_url: String,
    /// Addresses in place of the providers' own, by the channel's word (`TWILIO`), without a slash at
    /// the end.
    pub base_urls: HashMap<String, String>,
}

/// Every channel. Clones share it.
#[derive(Clone)]
pub struct ChannelSet {
    inner: Arc<Inner>,
}

struct Inner {
    by_kind: HashMap<&'static str, &'static dyn Channel>,
    settings: ChannelSettings,
    /// For whatever a customer or a provider names.
    guarded: HttpClient,
    /// For the addresses that the operator has set in place of the providers' own.
    trusted: HttpClient,
    room: Room,
}

/// An integration with its channel.
pub struct Opened<'a> {
    /// The channel.
    pub channel: &'static dyn Channel,
    /// The integration.
    pub open: &'a OpenChannel,
    hook_url: String,
    base_url: Option<&'a str>,
}

impl Opened<'_> {
    /// The integration as the channel's functions want it.
    pub fn account(&self) -> Account<'_> {
        Account {
            integration_id: self.open.integration.id,
            config: &self.open.integration.config,
            secrets: &self.open.secrets,
            hook_url: &self.hook_url,
            base_url: self.base_url,
        }
    }
}

impl ChannelSet {
    /// The channels that are connected. `trusted` may call whatever address the operator has set.
    pub fn new(
        connected: &[&'static dyn Channel],
        settings: ChannelSettings,
        guarded: HttpClient,
        trusted: HttpClient,
    ) -> ChannelSet {
        let by_kind = connected.iter().map(|channel| (channel.descriptor().kind, *channel)).collect();
        ChannelSet { inner: Arc::new(Inner { by_kind, settings, guarded, trusted, room: Room::default() }) }
    }

    /// The channel of an integration type.
    pub fn channel(&self, kind: &str) -> Option<&'static dyn Channel> {
        self.inner.by_kind.get(kind).copied()
    }

    /// Every channel, by type.
    pub fn all(&self) -> Vec<&'static dyn Channel> {
        let mut all: Vec<_> = self.inner.by_kind.values().copied().collect();
        all.sort_by_key(|channel| channel.descriptor().kind);
        all
    }

    /// An integration with its channel; `None` for a type without a connector. Its callback address is the
    /// one that its provider was told, even where our own address has changed since (decision 51).
    pub fn open<'a>(&'a self, open: &'a OpenChannel) -> Option<Opened<'a>> {
        let opened = self.open_anew(open)?;
        match open.secrets.get(REGISTERED_URL).and_then(Value::as_str) {
            Some(registered) => Some(Opened { hook_url: registered.to_owned(), ..opened }),
            None => Some(opened),
        }
    }

    /// The same with the callback address that its provider is told from now on.
    pub(super) fn open_anew<'a>(&'a self, open: &'a OpenChannel) -> Option<Opened<'a>> {
        let channel = self.channel(&open.integration.kind)?;
        let word = channel.descriptor().base_url_word;
        Some(Opened {
            channel,
            open,
            hook_url: self.hook_url(&open.integration.kind, &open.integration.id.to_string()),
            base_url: self.inner.settings.base_urls.get(word).map(String::as_str),
        })
    }

    /// The address that the operator has set in place of a provider's own, by its word.
    pub(super) fn base_url(&self, word: &str) -> Option<&str> {
        self.inner.settings.base_urls.get(word).map(String::as_str)
    }

    /// Where a provider calls us back for an integration.
    pub fn hook_url(&self, kind: &str, integration: &str) -> String {
        format!("{}/hooks/{kind}/{integration}", self.inner.settings.public_url)
    }

    /// Room for the files that go out.
    pub(super) fn room(&self) -> &Room {
        &self.inner.room
    }

    /// The client for an address: only what the operator has set himself passes the guard unasked.
    pub(crate) fn client_for(&self, url: &str) -> &HttpClient {
        let is_set = self.inner.settings.base_urls.values().any(|base| {
            url.strip_prefix(base.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        });
        if is_set { &self.inner.trusted } else { &self.inner.guarded }
    }
}

#[cfg(test)]
mod tests {
    use hub::OpenChannel;
    use model::Id;
    use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus};
    use serde_json::{Map, json};

    use super::*;
    use crate::http::HttpConfig;

    fn twilio(secrets: serde_json::Value) -> OpenChannel {
        let integration = Integration {
            key: IntegrationKey(1),
            id: Id::MIN,
            app: AppKey(1),
            kind: "twilio".to_owned(),
            status: IntegrationStatus::Active,
            name: None,
            config: Map::new(),
            sealed_secrets: None,
            default_responder: None,
            oauth_client_id: None,
            created_at: model::Millis(1),
            health_reason: None,
            last_good_at: None,
        };
        let secrets = secrets.as_object().cloned().unwrap_or_default();
        OpenChannel { integration, secrets }
    }

    #[test]
    fn a_callback_is_checked_against_the_address_that_was_registered() {
        let client = HttpClient::new(HttpConfig::default()).expect("a client");
        let settings =
            ChannelSettings { public_url: "https://new.example".to_owned(), ..ChannelSettings::default() };
        let set = ChannelSet::new(channels::all(), settings, client.clone(), client);
        let old = "https://old.example/hooks/twilio/1";
        let known = twilio(json!({ "authToken": "t", REGISTERED_URL: old }));
        assert_eq!(set.open(&known).expect("a connector").account().hook_url, old);
        let new = format!("https://new.example/hooks/twilio/{}", Id::MIN);
        assert_eq!(set.open_anew(&known).expect("a connector").account().hook_url, new);
        let unknown = twilio(json!({ "authToken": "t" }));
        assert_eq!(set.open(&unknown).expect("a connector").account().hook_url, new);
    }
}
