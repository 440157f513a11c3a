//! Core content: what a message can say, in a neutral form that every dialect and channel can
//! translate. Stored as JSON text with [`CONTENT_VERSION`] beside it.

mod texts;

use serde::{Deserialize, Serialize};

use crate::id::Id;

pub use texts::TextSlot;

/// Version of the stored JSON form of [`Content`].
pub const CONTENT_VERSION: i64 = 1;

/// A flat object of text, number and boolean values.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Content {
    /// Plain or rich text, perhaps with buttons.
    Text(Text),
    /// A picture.
    Image(MediaContent),
    /// Any other file.
    File(MediaContent),
    /// Items side by side.
    Carousel(Carousel),
    /// Items one below the other.
    List(List),
    /// Questions to the customer.
    Form(Form),
    /// The customer's answers to a form.
    FormResponse(FormResponse),
    /// A place on the map.
    Location(Location),
    /// A provider's own template, passed through unchecked.
    Template(Template),
}

/// The kind of a content, as a small number that stands in the message row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum ContentKind {
    /// [`Content::Text`]
    Text = 1,
    /// [`Content::Image`]
    Image = 2,
    /// [`Content::File`]
    File = 3,
    /// [`Content::Carousel`]
    Carousel = 4,
    /// [`Content::List`]
    List = 5,
    /// [`Content::Form`]
    Form = 6,
    /// [`Content::FormResponse`]
    FormResponse = 7,
    /// [`Content::Location`]
    Location = 8,
    /// [`Content::Template`]
    Template = 9,
}

impl ContentKind {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<ContentKind> {
        use ContentKind::*;
        [Text, Image, File, Carousel, List, Form, FormResponse, Location, Template]
            .into_iter()
            .find(|kind| *kind as i64 == code)
    }

    /// Whether such a content can refer to media, whose address is made when it is shown.
    pub fn has_media(self) -> bool {
        matches!(self, ContentKind::Image | ContentKind::File | ContentKind::Carousel | ContentKind::List)
    }
}

/// Plain or rich text. With `html_text` there is always a `text` to fall back to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// The plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Sanitised rich text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// Payload of the reply button that produced this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Buttons below the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Whether the messenger locks its input until the customer has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// Where the bytes of a medium are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MediaRef {
    /// One of our attachments; its URL is made when it is shown.
    Attachment {
        /// The attachment's id.
        id: Id,
        /// The random part of its URL.
        token: String,
        /// The file name in its URL.
        name: String,
    },
    /// An address elsewhere.
    Url(String),
}

/// A picture or file with its caption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaContent {
    /// Where the bytes are.
    pub media: MediaRef,
    /// MIME type, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Size in bytes, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_size: Option<u64>,
    /// Text for those who cannot see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// The caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The caption as sanitised rich text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// Buttons below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// An id that the caller gave the attachment; kept and shown, nothing more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<String>,
}

impl MediaContent {
    /// A medium of which nothing but its place is known.
    pub fn at(media: MediaRef) -> MediaContent {
        MediaContent {
            media,
            media_type: None,
            media_size: None,
            alt_text: None,
            text: None,
            html_text: None,
            actions: Vec::new(),
            block_chat_input: None,
            attachment_id: None,
        }
    }
}

/// Items side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Carousel {
    /// The items.
    pub items: Vec<Item>,
    /// Text for channels that show no carousel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Aspect ratio of the pictures: `horizontal` or `square`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_aspect_ratio: Option<String>,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// Items one below the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// The items.
    pub items: Vec<Item>,
    /// Buttons below the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// One card of a carousel or list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The title.
    pub title: String,
    /// The text below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaRef>,
    /// MIME type of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Text for those who cannot see the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// `compact` or `large`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Its buttons.
    pub actions: Vec<Action>,
    /// The caller's own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// A button. Which fields count depends on its kind; the kinds are named in [`ActionKind`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// What the button does.
    #[serde(rename = "type")]
    pub kind: ActionKind,
    /// Its label.
    pub text: String,
    /// What a postback or reply gives back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Where a link or webview leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Where a webview leads when the channel has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Price in cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// ISO 4217 code in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Picture on a reply button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Whether the whole item opens this link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// `compact`, `tall` or `full`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Whether the webview opens by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_on_receive: Option<bool>,
    /// Options of single channels, by channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_channel_options: Option<Metadata>,
    /// The caller's own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionKind {
    /// Asks for a payment.
    Buy,
    /// Opens an address.
    Link,
    /// Asks where the customer is.
    LocationRequest,
    /// Tells the business, without a message.
    Postback,
    /// Answers with its label.
    Reply,
    /// Opens an address inside the conversation.
    Webview,
}

/// Questions to the customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    /// The questions.
    pub fields: Vec<FormField>,
    /// Text above the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the customer has answered.
    pub submitted: bool,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// A question, or an answer to one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormField {
    /// `text`, `email` or `select`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Unique name.
    pub name: String,
    /// What the customer reads.
    pub label: String,
    /// Hint inside the empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<u32>,
    /// Most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u32>,
    /// `integer` or `decimal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Choices of a select.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<FormOption>>,
    /// Answer to a text question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Answer to an email question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Answer to a select question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<FormOption>>,
}

/// One choice of a select question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormOption {
    /// Unique name.
    pub name: String,
    /// What the customer reads.
    pub label: String,
}

/// The customer's answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormResponse {
    /// The answers.
    pub fields: Vec<FormField>,
    /// The answers as lines of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_fallback: Option<String>,
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Latitude and longitude.
    pub coordinates: Coordinates,
    /// Name and address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Place>,
    /// Text with a map link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// Latitude and longitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub long: f64,
}

/// Name and address of a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A provider's own template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The provider's object.
    pub template: Metadata,
    /// See [`Text::block_chat_input`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
}

/// A medium inside a content, with what is known about it.
pub struct MediaSlot<'a> {
    /// Where the bytes are.
    pub media: &'a mut MediaRef,
    media_type: &'a mut Option<String>,
    media_size: Option<&'a mut Option<u64>>,
}

impl MediaSlot<'_> {
    /// Notes type and size in bytes.
    pub fn describe(&mut self, media_type: &str, size: u64) {
        *self.media_type = Some(media_type.to_owned());
        if let Some(place) = &mut self.media_size {
            **place = Some(size);
        }
    }
}

impl Content {
    /// The kind that stands in the message row.
    pub fn kind(&self) -> ContentKind {
        match self {
            Content::Text(_) => ContentKind::Text,
            Content::Image(_) => ContentKind::Image,
            Content::File(_) => ContentKind::File,
            Content::Carousel(_) => ContentKind::Carousel,
            Content::List(_) => ContentKind::List,
            Content::Form(_) => ContentKind::Form,
            Content::FormResponse(_) => ContentKind::FormResponse,
            Content::Location(_) => ContentKind::Location,
            Content::Template(_) => ContentKind::Template,
        }
    }

    /// Every medium that the content refers to.
    pub fn media(&self) -> Vec<&MediaRef> {
        match self {
            Content::Image(media) | Content::File(media) => vec![&media.media],
            Content::Carousel(Carousel { items, .. }) | Content::List(List { items, .. }) => {
                items.iter().filter_map(|item| item.media.as_ref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every medium that the content refers to, to be changed.
    pub fn media_mut(&mut self) -> Vec<MediaSlot<'_>> {
        match self {
            Content::Image(content) | Content::File(content) => vec![MediaSlot {
                media: &mut content.media,
                media_type: &mut content.media_type,
                media_size: Some(&mut content.media_size),
            }],
            Content::Carousel(Carousel { items, .. }) | Content::List(List { items, .. }) => items
                .iter_mut()
                .filter_map(|item| {
                    let media = item.media.as_mut()?;
                    Some(MediaSlot { media, media_type: &mut item.media_type, media_size: None })
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}
