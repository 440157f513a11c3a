//! Users, their identities, clients and devices.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AppKey, ClientKey, ConversationKey, DeviceKey, IntegrationKey, UserKey};
use crate::content::Metadata;
use crate::id::Id;
use crate::time::Millis;

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Key inside the store.
    pub key: UserKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// The business's own id.
    pub external_id: Option<String>,
    /// The brand that separates equal external ids.
    pub brand_id: Option<String>,
    /// Whether the user has logged in.
    pub authenticated: bool,
    /// When the user signed up.
    pub signed_up_at: Millis,
    /// Kept from clean-up by inactivity.
    pub to_be_retained: Option<bool>,
    /// Name and addresses.
    pub profile: Profile,
    /// The business's own data.
    pub metadata: Metadata,
    /// Verified identities.
    pub identities: Vec<Identity>,
    /// The id at a help desk that knows the user, too; set only for imported users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zendesk_id: Option<String>,
    /// When it was made.
    pub created_at: Millis,
}

/// Name and addresses of a user.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl Profile {
    /// Given name and surname, if there is any.
    pub fn full_name(&self) -> Option<String> {
        let parts: Vec<&str> =
            [&self.given_name, &self.surname].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// A verified address of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// `email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address.
    pub value: String,
    /// How it was verified, for example `sso`.
    pub verification: String,
}

/// State of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(i64)]
pub enum ClientStatus {
    /// Linked and reachable.
    Active = 1,
    /// The person has blocked us.
    Blocked = 2,
    /// Cannot be reached now.
    Inactive = 3,
    /// The link is not complete.
    Pending = 4,
}

impl ClientStatus {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<ClientStatus> {
        use ClientStatus::*;
        [Active, Blocked, Inactive, Pending].into_iter().find(|status| *status as i64 == code)
    }
}

/// A user on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Key inside the store.
    pub key: ClientKey,
    /// Public id.
    pub id: Id,
    /// The user.
    pub user: UserKey,
    /// Channel type, or `sdk`.
    pub kind: String,
    /// State.
    pub status: ClientStatus,
    /// The channel integration; none for `sdk`.
    pub integration: Option<IntegrationKey>,
    /// The channel integration's public id.
    pub integration_id: Option<Id>,
    /// The channel's id of the person.
    pub external_id: Option<String>,
    /// Last inbound event.
    pub last_seen: Option<Millis>,
    /// When it was attached to the user.
    pub linked_at: Option<Millis>,
    /// The channel's name of the person.
    pub display_name: Option<String>,
    /// The channel's picture of the person.
    pub avatar_url: Option<String>,
    /// Curated facts.
    pub info: Option<Metadata>,
    /// What the channel said.
    pub raw: Option<Metadata>,
    /// A link that is not complete.
    pub link: Option<Link>,
}

/// A link to a channel that waits for its completion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The conversation it is for.
    pub conversation: ConversationKey,
    /// Phone number or mail address, normalised.
    pub address: String,
    /// Subject of a mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How the person consents.
    pub confirmation: Confirmation,
    /// What is sent to ask for consent: a message in the core's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Value>,
    /// Whether it becomes the first client of the conversation.
    pub primary: bool,
    /// When it ends without completion.
    pub expires_at: Millis,
}

/// How the person on the channel consents to a link (sunshine-v2.md §4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Confirmation {
    /// No consent is needed.
    Immediate,
    /// By answering on the channel.
    UserActivity,
    /// By accepting when asked.
    Prompt,
}

/// One installation of the messenger below an `sdk` client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Key inside the store.
    pub key: DeviceKey,
    /// Public id.
    pub id: Id,
    /// `android`, `ios` or `web`.
    pub kind: String,
    /// The installation's own id.
    pub guid: String,
    /// The client above it.
    pub client_id: Id,
    /// Whether it can be reached.
    pub active: bool,
    /// The messenger integration.
    pub integration_id: Id,
    /// Last sign of life.
    pub last_seen: Millis,
    /// Token for push notifications.
    pub push_token: Option<String>,
    /// Curated facts.
    pub info: Option<Metadata>,
    /// Version of the app that embeds the messenger.
    pub app_version: Option<String>,
}
