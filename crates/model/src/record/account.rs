//! Accounts, apps and the keys that open them.

use serde::{Deserialize, Serialize};

use super::{AccountKey, AppKey, CredentialKey, IntegrationKey};
use crate::content::Metadata;
use crate::id::Id;
use crate::time::Millis;

/// A tenant: owns apps and keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Key inside the store.
    pub key: AccountKey,
    /// Public id.
    pub id: Id,
    /// For people.
    pub name: String,
    /// Where its owner is written to, if it is known.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: Millis,
}

/// One business's switchboard, users and conversations.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Key inside the store.
    pub key: AppKey,
    /// Public id.
    pub id: Id,
    /// The tenant that owns it.
    pub account: AccountKey,
    /// For people.
    pub name: String,
    /// How it behaves.
    pub settings: AppSettings,
    /// The owner's own data.
    pub metadata: Metadata,
    /// When it was made.
    pub created_at: Millis,
}

/// What an app uses to talk to the carrier that its calls and texts go through.
#[derive(Clone, Debug, PartialEq)]
pub struct CarrierAccount {
    /// The account's name there.
    pub account_id: String,
    /// The name of the key to it.
    pub key_id: String,
    /// The key's secret, sealed.
    pub sealed_token: Vec<u8>,
    /// Which of the carrier's regions holds it.
    pub region: String,
    /// Whether it is in use.
    pub is_active: bool,
    /// When the app was last changed together with it.
    pub updated_at: Millis,
}

/// How an app behaves (sunshine-v2.md §10.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppSettings {
    /// Messages are deleted after this many seconds without activity; `None` or 0: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_retention_seconds: Option<i64>,
    /// Card numbers in texts are masked before they are stored.
    pub mask_credit_card_numbers: bool,
    /// People without a name are called by an animal's.
    pub use_animal_names: bool,
    /// A postback also leaves its button's text in the conversation.
    pub echo_postback: bool,
    /// Following or starting on a channel begins no conversation.
    pub ignore_auto_conversation_start: bool,
    /// Users may have several conversations in the messenger; cannot be switched off again.
    pub multi_convo_enabled: bool,
    /// Our own texts follow the user's locale.
    pub app_localization_enabled: bool,
    /// Users may end a conversation.
    pub end_session_enabled: bool,
    /// A closed conversation is not reopened; a new one begins.
    pub disable_conversation_reopen: bool,
    /// For people: what the app is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Conversations close after this many days without a message; `None`: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_close_days: Option<i64>,
    /// Whether all integrations rest, as if each were paused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
}

impl Default for AppSettings {
    fn default() -> Self {
        AppSettings {
            conversation_retention_seconds: None,
            mask_credit_card_numbers: true,
            use_animal_names: false,
            echo_postback: false,
            ignore_auto_conversation_start: false,
            multi_convo_enabled: false,
            app_localization_enabled: true,
            end_session_enabled: false,
            disable_conversation_reopen: false,
            description: None,
            auto_close_days: None,
            paused: false,
        }
    }
}

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum KeyKind {
    /// An account and all its apps (`act_`).
    Account = 1,
    /// One app (`app_`).
    App = 2,
    /// One custom integration (`int_`).
    Integration = 3,
    /// The hidden key of an OAuth integration; signs its tokens.
    OAuth = 4,
    /// A client's secret that buys access tokens for the administration of an account.
    Administration = 5,
    /// A client's secret that buys access tokens for the conversations of an account.
    Conversations = 6,
}

impl KeyKind {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<KeyKind> {
        use KeyKind::*;
        [Account, App, Integration, OAuth, Administration, Conversations]
            .into_iter()
            .find(|kind| *kind as i64 == code)
    }

    /// Whether its secret only buys access tokens and is taken nowhere else.
    pub fn only_buys_tokens(self) -> bool {
        matches!(self, KeyKind::Administration | KeyKind::Conversations)
    }

    /// The prefix of such a key's id.
    pub fn prefix(self) -> &'static str {
        match self {
            KeyKind::Account => "act_",
            KeyKind::App => "app_",
            KeyKind::Integration | KeyKind::OAuth => "int_",
            KeyKind::Administration | KeyKind::Conversations => "cli_",
        }
    }
}

/// An API key. Its secret is sealed; only the hub opens it.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// Key inside the store.
    pub key: CredentialKey,
    /// Public id with its prefix.
    pub id: String,
    /// What it opens.
    pub kind: KeyKind,
    /// The tenant.
    pub account: AccountKey,
    /// The app, for app and integration keys.
    pub app: Option<AppKey>,
    /// The integration, for integration keys.
    pub integration: Option<IntegrationKey>,
    /// For people.
    pub name: String,
    /// The sealed secret.
    pub sealed_secret: Vec<u8>,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends by itself.
    pub expires_at: Option<Millis>,
}
