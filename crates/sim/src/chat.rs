//! What a customer sees on the phone: chats, bubbles, buttons.

use serde::{Deserialize, Serialize};

/// A company whose API is imitated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Provider {
    /// Twilio: SMS, MMS and WhatsApp.
    Twilio,
    /// Meta's Graph API for Messenger.
    Messenger,
    /// Telegram's Bot API.
    Telegram,
    /// Slack, where apps are installed; nobody chats there.
    Slack,
}

impl Provider {
    /// All of them.
    pub const ALL: [Provider; 4] =
        [Provider::Twilio, Provider::Messenger, Provider::Telegram, Provider::Slack];

    /// The first part of its paths on the simulator, and the word in our hooks.
    pub fn word(self) -> &'static str {
        match self {
            Provider::Twilio => "twilio",
            Provider::Messenger => "messenger",
            Provider::Telegram => "telegram",
            Provider::Slack => "slack",
        }
    }
}

/// What an app on the phone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// Text messages, through Twilio. A customer is an E.164 number.
    Sms,
    /// WhatsApp, through Twilio. A customer is an E.164 number.
    Whatsapp,
    /// Facebook Messenger. A customer is a page-scoped id.
    Messenger,
    /// Telegram. A customer is a user id, which is also the id of the private chat; a negative one is a
    /// group, one that begins with -100 a supergroup.
    Telegram,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 4] = [Channel::Sms, Channel::Whatsapp, Channel::Messenger, Channel::Telegram];

    /// Who runs it.
    pub fn provider(self) -> Provider {
        match self {
            Channel::Sms | Channel::Whatsapp => Provider::Twilio,
            Channel::Messenger => Provider::Messenger,
            Channel::Telegram => Provider::Telegram,
        }
    }

    /// Its name in the control interface.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Whatsapp => "whatsapp",
            Channel::Messenger => "messenger",
            Channel::Telegram => "telegram",
        }
    }
}

impl std::str::FromStr for Channel {
    type Err = String;

    fn from_str(text: &str) -> Result<Channel, String> {
        let known = Channel::ALL.into_iter().find(|channel| channel.word() == text);
        known.ok_or_else(|| {
            format!("there is no channel {text}; there are sms, whatsapp, messenger and telegram")
        })
    }
}

/// Which chat: the business' address on a channel, and the customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatKey {
    /// The channel.
    pub channel: Channel,
    /// The business: a number, a page id, a bot id.
    pub account: String,
    /// The customer: a number, a page-scoped id, a user id.
    pub customer: String,
}

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// The customer.
    Customer,
    /// The business.
    Business,
}

/// A message as the customer sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bubble {
    /// The provider's id.
    pub id: String,
    /// Who wrote it.
    pub side: Side,
    /// When, in milliseconds.
    pub at_ms: i64,
    /// What it says; for a medium its caption.
    pub text: String,
    /// Bold first line of a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Pictures and files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Medium>,
    /// A place on a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What can be pressed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// How far it has come: `queued`, `sent`, `delivered`, `read`, `undelivered`, `failed`.
    pub status: &'static str,
    /// The customer's reaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaction: Option<String>,
    /// Whether its text was changed later.
    pub edited: bool,
}

/// A picture or a file in a bubble.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Medium {
    /// Where the phone loads it.
    pub url: String,
    /// Its MIME type.
    pub content_type: String,
}

/// A place on a map.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// What is there.
    pub name: String,
}

/// Something to press below a bubble.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What it does.
    pub kind: ButtonKind,
    /// What comes back to the business, or the address that opens.
    pub value: String,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ButtonKind {
    /// Writes its label for the customer; gone when it was pressed.
    Reply,
    /// Tells the business without a message.
    Postback,
    /// Opens an address.
    Link,
    /// A row of a list.
    Row,
    /// Sends where the customer is.
    RequestLocation,
}

impl Bubble {
    /// A text.
    pub(crate) fn text(id: impl Into<String>, side: Side, at_ms: i64, text: impl Into<String>) -> Bubble {
        Bubble {
            id: id.into(),
            side,
            at_ms,
            text: text.into(),
            title: None,
            media: Vec::new(),
            place: None,
            buttons: Vec::new(),
            status: if side == Side::Customer { "sent" } else { "queued" },
            reaction: None,
            edited: false,
        }
    }
}

/// What the simulator knows of one chat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chat {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) bubbles: Vec<Bubble>,
    pub(crate) blocked: bool,
    pub(crate) opted_out: bool,
    /// When the customer last wrote; windows are counted from here.
    pub(crate) wrote_at_ms: Option<i64>,
    /// The newest message number, where a channel counts within a chat.
    pub(crate) last_number: i64,
    /// When the business last showed that it types.
    pub(crate) typing_at_ms: Option<i64>,
    /// When the business marked the customer's messages as seen.
    pub(crate) seen_at_ms: Option<i64>,
    /// The supergroup that a group has become.
    pub(crate) upgraded_to: Option<String>,
    /// Times of the newest sends, for rates.
    pub(crate) sent_at_ms: Vec<i64>,
}

impl Chat {
    pub(crate) fn bubble(&mut self, id: &str) -> Option<&mut Bubble> {
        self.bubbles.iter_mut().rev().find(|bubble| bubble.id == id)
    }
}
