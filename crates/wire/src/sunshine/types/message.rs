//! Messages (sunshine-v2.md §6).

use crate::string_enum::string_enum;
use crate::union::tagged_union;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Metadata;
use super::client::Client;
use super::content::Content;
use super::device::Device;
use super::page::{Links, Meta};

string_enum! {
    /// Which side writes.
    pub enum AuthorType {
        Business = "business",
        User = "user",
    }
}

string_enum! {
    /// What an author is besides its type.
    pub enum AuthorSubtype {
        Ai = "AI",
        Activity = "activity",
        Agent = "agent",
        Bot = "bot",
    }
}

/// Who writes, in a request and in a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// Which side.
    #[serde(rename = "type")]
    pub kind: AuthorType,
    /// Exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtypes: Option<Vec<AuthorSubtype>>,
    /// The user; only of type `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The business's id of the user; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_external_id: Option<String>,
    /// The user's brand, 1–24 characters; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// The name shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Address of a picture, 1–2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: String,
    /// When it came; strictly rising in a conversation.
    pub received: String,
    /// Who wrote it.
    pub author: Author,
    /// The event that made it, for messages of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<MessageActivity>,
    /// What it says.
    pub content: Content,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_message: Option<QuotedMessage>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// True for the placeholder of a deleted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// What it rests on, 1–10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Reference>>,
}

/// The event that made a message of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageActivity {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: MessageActivityType,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Map<String, Value>>,
}

string_enum! {
    /// An event that makes a message of the system.
    pub enum MessageActivityType {
        TicketClosed = "ticket:closed",
        TransferToEmail = "ticket:transfer:email",
        EndedByUser = "conversation:endedByUser",
    }
}

/// Where a message or an event came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// `api`, a channel or a platform.
    #[serde(rename = "type")]
    pub kind: String,
    /// The integration that it came through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// The channel's id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_message_id: Option<String>,
    /// The channel's time of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_message_timestamp: Option<String>,
    /// What the channel has sent, where it cannot be said as content; ours, the vendor's API has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Value>,
    /// The client; only in events with `includeFullSource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Box<Client>>,
    /// The device; only in events with `includeFullSource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Box<Device>>,
    /// The campaign that led here; only in events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
}

/// A campaign that led to a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: String,
}

tagged_union! {
    /// The message that another one answers.
    pub enum QuotedMessage {
        /// One that is known here.
        Message(QuotedKnown) = "message",
        /// One that only the channel knows.
        ExternalMessageId(QuotedExternal) = "externalMessageId",
    }
}

/// A quoted message that is known here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotedKnown {
    /// The message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<Message>>,
}

/// A quoted message that only the channel knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuotedExternal {
    /// The channel's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_message_id: Option<String>,
}

/// A source that a message rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Its address, up to 2048 characters.
    pub uri: String,
    /// 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 1–256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Body of PostMessage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagePost {
    /// Who writes.
    pub author: Author,
    /// What it says.
    pub content: Content,
    /// The one channel that gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What single channels get instead of the content.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub overrides: Option<MessageOverride>,
    /// `whatsapp` for its native templates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

/// The one channel that gets a message: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// An integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// A type of integration; `none` for no channel at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
}

/// What single channels get instead of the content: at least one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessageOverride {
    /// For Apple's channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple: Option<AppleOverride>,
    /// For LINE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<ChannelOverride>,
    /// For Messenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messenger: Option<ChannelOverride>,
    /// For integrations of WhatsApp's own type; Twilio's WhatsApp sender hears [`MessageOverride::twilio`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp: Option<ChannelOverride>,
    /// For Telegram; ours, the vendor's API has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telegram: Option<ChannelOverride>,
    /// For Twilio and its WhatsApp sender; ours, the vendor's API has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twilio: Option<ChannelOverride>,
    /// Any other channel; to be refused.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A raw payload for Apple's channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppleOverride {
    /// Handed on as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Map<String, Value>>,
    /// What the customer's device must be able to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_capabilities: Option<Vec<AppleCapability>>,
}

string_enum! {
    /// What a device can show on Apple's channel.
    pub enum AppleCapability {
        List = "LIST",
        Time = "TIME",
        Form = "FORM",
        Quick = "QUICK",
        Auth2 = "AUTH2",
    }
}

/// A raw payload for one channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelOverride {
    /// Handed on as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Map<String, Value>>,
}

/// Reply of PostMessage; generic over the form of a message, as [`MessageOut`](super::MessageOut).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessagePostResponse<M = Message> {
    /// The messages made, usually one.
    pub messages: Vec<M>,
}

/// Reply of ListMessages; generic over the form of a message, as [`MessageOut`](super::MessageOut).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageListResponse<M = Message> {
    /// The messages of the page, the oldest first.
    pub messages: Vec<M>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}
