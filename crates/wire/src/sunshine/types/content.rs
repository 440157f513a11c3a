//! What a message says (sunshine-v2.md §6.2).

use crate::string_enum::string_enum;
use crate::union::tagged_union;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::Metadata;
use super::action::Action;
use super::form::{Form, FormResponse};

tagged_union! {
    /// What a message says.
    pub enum Content {
        /// Text, with buttons if wanted.
        Text(Text) = "text",
        /// Items side by side.
        Carousel(Carousel) = "carousel",
        /// A file.
        File(File) = "file",
        /// Questions.
        Form(Form) = "form",
        /// Answers; only the messenger makes them.
        FormResponse(FormResponse) = "formResponse",
        /// A picture.
        Image(Image) = "image",
        /// Items below each other.
        List(List) = "list",
        /// A place.
        Location(Location) = "location",
        /// A channel's own template; only with a `schema`.
        Template(Template) = "template",
    }
}

/// Text: at least one of text, htmlText, markdownText, actions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// Plain text, up to 4096 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same as HTML, up to 4096 characters; excludes `markdownText`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// The same as Markdown, up to 4096 characters; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown_text: Option<String>,
    /// Buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// The payload of the reply button that made this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Its address.
    pub media_url: String,
    /// Its media type; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its size in bytes; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_size: Option<Number>,
    /// For those who cannot see it, up to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// A caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// The caption as HTML, up to 4096 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// The caption as Markdown, up to 4096 characters; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown_text: Option<String>,
    /// Buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// The upload's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<String>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Its address.
    pub media_url: String,
    /// Its size in bytes; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_size: Option<Number>,
    /// Its media type; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its name, up to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// A caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// The caption as HTML, up to 4096 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_text: Option<String>,
    /// The caption as Markdown, up to 4096 characters; only in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown_text: Option<String>,
    /// The upload's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<String>,
}

/// Items side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Carousel {
    /// The same as plain text; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// 1–10.
    pub items: Vec<Item>,
    /// How it looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_settings: Option<DisplaySettings>,
}

/// How a carousel looks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisplaySettings {
    /// The form of its pictures; horizontal when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_aspect_ratio: Option<ImageAspectRatio>,
}

string_enum! {
    /// The form of the pictures of a carousel.
    pub enum ImageAspectRatio {
        Horizontal = "horizontal",
        Square = "square",
    }
}

/// Items below each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// The same as plain text; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// 1–10.
    pub items: Vec<Item>,
    /// Buttons below all items, 1–10 of buy, link, postback, webview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
}

/// An item of a carousel or list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// 1–128 characters.
    pub title: String,
    /// Up to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Address of a picture, up to 2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    /// Its media type, up to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// For those who cannot see it, up to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// How large the picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<ItemSize>,
    /// 1–3 of buy, link, postback, webview.
    pub actions: Vec<Action>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

string_enum! {
    /// How large the picture of an item is.
    pub enum ItemSize {
        Compact = "compact",
        Large = "large",
    }
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The same as plain text; read-only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// Where it is.
    pub coordinates: Coordinates,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationNames>,
}

/// A point on the globe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north.
    pub lat: Number,
    /// Degrees east.
    pub long: Number,
}

/// What a place is called.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LocationNames {
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A channel's own template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Whether the messenger's input is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_chat_input: Option<bool>,
    /// Handed on as it is.
    pub template: Map<String, Value>,
}
