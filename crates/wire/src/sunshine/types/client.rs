//! Clients: a user's ways to be reached, and links to new ones (sunshine-v2.md §4.6, §4.7).

use crate::string_enum::string_enum;
use crate::union::tagged_union;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::message::MessagePost;
use super::page::{Links, Meta};

string_enum! {
    /// The channel of a client.
    pub enum ClientType {
        Apple = "apple",
        Gbm = "gbm",
        GoogleRcs = "googlercs",
        Instagram = "instagram",
        Kakao = "kakao",
        Line = "line",
        Mailgun = "mailgun",
        MessageBird = "messagebird",
        Messenger = "messenger",
        SlackConnect = "slackconnect",
        Sdk = "sdk",
        Telegram = "telegram",
        Twilio = "twilio",
        Twitter = "twitter",
        Viber = "viber",
        WeChat = "wechat",
        WhatsApp = "whatsapp",
    }
}

string_enum! {
    /// Whether a client can be used.
    pub enum ClientStatus {
        Active = "active",
        Blocked = "blocked",
        Inactive = "inactive",
        Pending = "pending",
    }
}

/// A user's way to be reached on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its channel.
    #[serde(rename = "type")]
    pub kind: ClientType,
    /// Whether it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ClientStatus>,
    /// The integration behind it; unset for `sdk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// The channel's id of the user; unset for `sdk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// When it last sent something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// When it was attached to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_at: Option<String>,
    /// The name on the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The picture on the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// Selected facts, flat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<Map<String, Value>>,
    /// What the channel said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Map<String, Value>>,
}

/// Reply with one client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientResponse {
    /// The client.
    pub client: Client,
}

/// Reply of ListClients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientListResponse {
    /// The clients of the page, linked and pending ones.
    pub clients: Vec<Client>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}

/// Body of CreateClient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientCreateBody {
    /// How the person is found on the channel.
    pub match_criteria: MatchCriteria,
    /// How the person agrees.
    pub confirmation: Confirmation,
    /// Where the new client goes.
    pub target: LinkTarget,
}

tagged_union! {
    /// How a person is found on a channel.
    pub enum MatchCriteria {
        /// By e-mail.
        Mailgun(MailMatch) = "mailgun",
        /// By text message.
        MessageBird(PhoneMatch) = "messagebird",
        /// By text message.
        Twilio(PhoneMatch) = "twilio",
        /// By phone number.
        WhatsApp(PhoneMatch) = "whatsapp",
    }
}

/// Finds by e-mail address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailMatch {
    /// An integration of this type.
    pub integration_id: String,
    /// Whether the client becomes the first of its conversation; true when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// The e-mail address.
    pub address: String,
    /// Subject of the first mail; `{appName}` stands for the app's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// Finds by phone number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneMatch {
    /// An integration of this type.
    pub integration_id: String,
    /// Whether the client becomes the first of its conversation; true when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// With `+` and country code; spaces and dashes are allowed.
    pub phone_number: String,
}

/// How a person agrees to a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirmation {
    /// The kind of agreement.
    #[serde(rename = "type")]
    pub kind: ConfirmationType,
    /// The first message: text or image, with links only; not kept in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<MessagePost>>,
}

string_enum! {
    /// How a person agrees to a link.
    pub enum ConfirmationType {
        Immediate = "immediate",
        UserActivity = "userActivity",
        Prompt = "prompt",
    }
}

/// Where a new client goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkTarget {
    /// A conversation of the user.
    pub conversation_id: String,
}
