//! What an activity says: messages and their parts (hubster.md §5.2, §5.3, §5.5).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::string_enum::string_enum;
use crate::union::tagged_union;

tagged_union! {
    /// What a message says.
    pub enum Message {
        /// Text, with items and actions if wanted.
        Text(Text) = "text",
        /// A video at YouTube.
        Youtube(Medium) = "youtube",
        /// A video at Vimeo.
        Vimeo(Medium) = "vimeo",
        /// A video file.
        Video(Medium) = "video",
        /// A sound file.
        Audio(Medium) = "audio",
        /// A picture.
        Image(Image) = "image",
        /// Any other file.
        Attachment(Attachment) = "attachment",
        /// A place.
        Location(Location) = "location",
        /// A person or a company.
        Contact(Contact) = "contact",
        /// A medium with texts around it.
        Card(Card) = "card",
        /// Items side by side; only agents and bots send it.
        Carousel(Carousel) = "carousel",
        /// Items below each other; only agents and bots send it.
        List(List) = "list",
        /// The answer to a command; only the platform sends it.
        Command(CommandAnswer) = "command",
    }
}

impl Message {
    /// A text alone.
    pub fn text(text: impl Into<String>) -> Message {
        Message::Text(Text { text: Some(text.into()), ..Text::default() })
    }

    /// As it stands in JSON; what an [`Activity`](super::Activity) keeps.
    pub fn to_json(&self) -> Value {
        written(self)
    }
}

/// Structs with texts as names and numbers that are finite always can be written.
pub(super) fn written(thing: &impl Serialize) -> Value {
    serde_json::to_value(thing).unwrap_or_default()
}

/// Text: at least one of text, items and actions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Media, places, contacts and cards that belong to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Message>>,
    /// Links, buttons and quick replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A video or a sound.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Medium {
    /// Where it is.
    pub url: String,
    /// What stands beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its media type; guessed from the address when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// A picture for who cannot play it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_image_url: Option<String>,
    /// Its size, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Its length; the vendor names no unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<i64>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Where it is.
    pub url: String,
    /// What a click opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_anchor: Option<String>,
    /// For those who cannot see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The colour of the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_color: Option<String>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Where it is.
    pub url: String,
    /// What it is called.
    pub label: String,
    /// Its kind; a media type, or a word as `pdf`.
    pub mime_type: String,
    /// Its size, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A place: an address, or a latitude with a longitude, or both; then the coordinates count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// A map of it; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A person or a company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The name.
    pub title: String,
    /// What stands below the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Telephone numbers and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<Property>>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A named value of a contact or of an answer to a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What it is, as `phone;cell`, `address;work` or `email`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

string_enum! {
    /// What an address of a card or an item leads to.
    pub enum UrlType {
        Image = "image",
        Youtube = "youtube",
        Vimeo = "vimeo",
        Video = "video",
        Audio = "audio",
    }
}

/// A medium with texts around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// What `url` leads to; required with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_type: Option<UrlType>,
    /// Where the medium is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture for who cannot play it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_image_url: Option<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What stands below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Links, buttons and quick replies, as items of lists have them; the vendor's page has none here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// An item of a carousel or list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListItem {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What stands below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What `url` leads to; required with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_type: Option<UrlType>,
    /// Where the medium is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture for who cannot play it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_image_url: Option<String>,
    /// Links, buttons and quick replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// Items side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Carousel {
    /// The items, at least one.
    pub items: Vec<ListItem>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// Items below each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The items, at least one.
    pub items: Vec<ListItem>,
    /// Actions of the list as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// The answer to a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommandAnswer {
    /// The command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Names and descriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<Property>>,
}

tagged_union! {
    /// What a customer can press.
    pub enum Action {
        /// Opens an address.
        Link(Link) = "link",
        /// A button.
        Postback(Button) = "postback",
        /// A quick reply, gone after its use.
        Reply(Button) = "reply",
    }
}

/// Opens an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What is written on it.
    pub title: String,
    /// What it opens.
    pub url: String,
    /// A small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_icon: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_image: Option<String>,
    /// Whether it is the one that is meant when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// A button or a quick reply. Pressed, its payload comes back as the customer's text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Button {
    /// What is written on it.
    pub title: String,
    /// What comes back.
    pub payload: String,
    /// A small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_icon: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_image: Option<String>,
    /// Whether it is the one that is meant when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// What single channels make of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<ChannelMetadata>>,
}

/// What one channel makes of a message or an action; passed through unchanged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelMetadata {
    /// The channel, as `Webchat`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Names and values, as `caption-show`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<Property>,
}
