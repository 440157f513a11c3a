//! Integrations, the subscriptions below them, and switchboards.

use super::{AppKey, IntegrationKey, OAuthClientKey, SubscriptionKey, SwitchboardKey};
use crate::content::Metadata;
use crate::id::Id;
use crate::switchboard::Seat;
use crate::time::Millis;

/// State of an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum IntegrationStatus {
    /// Works.
    Active = 1,
    /// Switched off.
    Inactive = 2,
    /// The provider refuses it.
    Error = 3,
    /// Paused: what comes is kept and waits, nothing is sent.
    Paused = 4,
}

impl IntegrationStatus {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<IntegrationStatus> {
        use IntegrationStatus::*;
        [Active, Inactive, Error, Paused].into_iter().find(|status| *status as i64 == code)
    }
}

/// A channel, bot, agent desk or other system that is connected to an app.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// Key inside the store.
    pub key: IntegrationKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Channel type, or `custom`.
    pub kind: String,
    /// State.
    pub status: IntegrationStatus,
    /// For people.
    pub name: Option<String>,
    /// Its settings that may be shown.
    pub config: Metadata,
    /// Its settings that may not: a sealed JSON object.
    pub sealed_secrets: Option<Vec<u8>>,
    /// Who answers first what comes through this channel.
    pub default_responder: Option<Seat>,
    /// The OAuth client behind it; such an integration is in no list.
    pub oauth_client_id: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// Why its provider refuses it, if it does; for people.
    pub health_reason: Option<String>,
    /// When its provider last took something from us, or told us something.
    pub last_good_at: Option<Millis>,
}

impl Integration {
    /// The type of what speaks our own API: bots, agent desks and other systems.
    pub const CUSTOM: &'static str = "custom";
    /// The type of our own messenger in web pages, and of whatever else customers speak through to us.
    pub const WEB: &'static str = "web";

    /// Types whose customers are reached by our own messenger and by nobody's provider.
    pub const MESSENGERS: &'static [&'static str] = &["web", "ios", "android", "unity"];

    /// Whether customers reach it, and are reached, through a provider.
    pub fn is_channel_kind(kind: &str) -> bool {
        kind != Integration::CUSTOM && !Integration::MESSENGERS.contains(&kind)
    }

    /// Whether it is a custom integration that somebody made by hand: it has API keys.
    pub fn is_custom(&self) -> bool {
        self.kind == Integration::CUSTOM && self.oauth_client_id.is_none()
    }

    /// Whether it belongs to an OAuth client: it is in no list, and nobody but itself finds it.
    pub fn is_oauth(&self) -> bool {
        self.oauth_client_id.is_some()
    }
}

/// A partner that can be given access to apps by OAuth (sunshine-v2.md §1.8).
#[derive(Clone, Debug, PartialEq)]
pub struct OAuthClient {
    /// Key inside the store.
    pub key: OAuthClientKey,
    /// Public id.
    pub id: String,
    /// For people.
    pub name: String,
    /// The sealed secret.
    pub sealed_secret: Vec<u8>,
    /// Where people may be sent back to; the first one when a request names none.
    pub redirect_uris: Vec<String>,
    /// Who is told when the access ends.
    pub remove_url: Option<String>,
    /// When it was made.
    pub created_at: Millis,
}

/// In which form a subscription's events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventForm {
    /// Webhooks of Sunshine Conversations.
    Sunshine,
    /// Webhooks and socket messages of Hubster's integrations.
    Hubster,
    /// What the addresses in an app's settings are told, in Exotel's words.
    Exotel,
    /// In none: a channel renders messages by itself.
    Channel,
}

impl EventForm {
    /// Every form.
    pub const ALL: [EventForm; 4] =
        [EventForm::Sunshine, EventForm::Hubster, EventForm::Exotel, EventForm::Channel];

    /// The word that is stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventForm::Sunshine => "sunshine",
            EventForm::Hubster => "hubster",
            EventForm::Exotel => "exotel",
            EventForm::Channel => "channel",
        }
    }

    /// Reads the stored word; `None` for one that no form has.
    pub fn from_word(word: &str) -> Option<EventForm> {
        EventForm::ALL.into_iter().find(|form| form.as_str() == word)
    }
}

/// Which events go where, in which form.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// Key inside the store.
    pub key: SubscriptionKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// The integration it belongs to.
    pub integration: IntegrationKey,
    /// In which form its events are written.
    pub form: EventForm,
    /// Where bodies are posted.
    pub target: String,
    /// The event types asked for, as bits ([`crate::event::EventType::bit`]).
    pub triggers: i64,
    /// The sealed secret.
    pub sealed_secret: Vec<u8>,
    /// Whether users are shown in full.
    pub include_full_user: bool,
    /// Whether sources are shown in full.
    pub include_full_source: bool,
    /// Every event up to this number is settled or parked.
    pub settled_through: i64,
    /// When it was made.
    pub created_at: Millis,
}

/// An app's switchboard.
#[derive(Clone, Debug, PartialEq)]
pub struct Switchboard {
    /// Key inside the store.
    pub key: SwitchboardKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Whether it rules.
    pub enabled: bool,
    /// Who answers first.
    pub default: Option<Seat>,
}

/// An integration's place on a switchboard.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchboardIntegration {
    /// Its seat: the key inside the store.
    pub seat: Seat,
    /// Public id.
    pub id: Id,
    /// The switchboard.
    pub switchboard: SwitchboardKey,
    /// Unique name.
    pub name: String,
    /// The integration.
    pub integration: IntegrationKey,
    /// The integration's public id.
    pub integration_id: Id,
    /// `custom`, or the OAuth client's id.
    pub integration_type: String,
    /// Whether it hears while on standby.
    pub deliver_standby_events: bool,
    /// Who comes after it.
    pub next: Option<Seat>,
    /// How many messages it is handed with control.
    pub message_history_count: Option<u8>,
}
