//! What a message says. The stored text of a content without media is the vendor's form already and
//! passes through unread; of the others only the address of the media is put in.

use hub::Hub;
use model::content::{Action, Carousel, Content, ContentKind, Item, List, MediaContent, MediaRef, Metadata};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use wire::sunshine::types::{self, Part};

/// What stands in place of a content that cannot be read: a fault of ours, and no reason to lose a page.
pub(crate) const EMPTY: &str = r#"{"type":"text","text":""}"#;

/// Makes the addresses of our own attachments.
pub(crate) trait MediaUrls {
    /// The address of the attachment with this token and file name.
    fn url_of(&self, token: &str, name: &str) -> String;

    /// Whether authors are shown as `agent` and `bot`.
    fn shows_roles(&self) -> bool {
        false
    }
}

impl MediaUrls for Hub {
    fn url_of(&self, token: &str, name: &str) -> String {
        self.attachment_url(token, name)
    }

    fn shows_roles(&self) -> bool {
        self.settings().author_roles_shown
    }
}

/// A stored content as it is shown.
pub(crate) fn content<'a>(
    urls: &dyn MediaUrls,
    kind: ContentKind,
    stored: &'a str,
) -> Part<'a, types::Content> {
    match kind.has_media() {
        false => serde_json::from_str::<&RawValue>(stored).map_or_else(unreadable, Part::Raw),
        true => with_media(urls, stored).map_or_else(unreadable, Part::Text),
    }
}

fn address(urls: &dyn MediaUrls, media: &MediaRef) -> String {
    match media {
        MediaRef::Attachment { token, name, .. } => urls.url_of(token, name),
        MediaRef::Url(url) => url.clone(),
    }
}

fn unreadable<'a>(error: serde_json::Error) -> Part<'a, types::Content> {
    tracing::error!(%error, "a stored content could not be read");
    serde_json::from_str::<&RawValue>(EMPTY).map_or_else(|_| Part::Raw(RawValue::NULL), Part::Raw)
}

fn with_media(urls: &dyn MediaUrls, stored: &str) -> serde_json::Result<Box<RawValue>> {
    let content = serde_json::from_str::<Content>(stored)?;
    match &content {
        Content::Image(media) => to_raw_value(&MediaOut::new(urls, "image", media)),
        Content::File(media) => to_raw_value(&MediaOut::new(urls, "file", media)),
        Content::Carousel(carousel) => to_raw_value(&CarouselOut::new(urls, carousel)),
        Content::List(list) => to_raw_value(&ListOut::new(urls, list)),
        // The kind beside it was wrong; without media the stored form is the shown one.
        _ => RawValue::from_string(stored.to_owned()),
    }
}

/// A picture or file; its parts are those of the core but for the address.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    media_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_chat_input: Option<bool>,
    #[serde(skip_serializing_if = "<[Action]>::is_empty")]
    actions: &'a [Action],
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<&'a str>,
}

impl<'a> MediaOut<'a> {
    fn new(urls: &dyn MediaUrls, kind: &'static str, media: &'a MediaContent) -> MediaOut<'a> {
        MediaOut {
            kind,
            media_url: address(urls, &media.media),
            media_type: media.media_type.as_deref(),
            media_size: media.media_size,
            alt_text: media.alt_text.as_deref(),
            text: media.text.as_deref(),
            html_text: media.html_text.as_deref(),
            block_chat_input: media.block_chat_input,
            actions: &media.actions,
            attachment_id: media.attachment_id.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CarouselOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_chat_input: Option<bool>,
    items: Vec<ItemOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_settings: Option<DisplaySettingsOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DisplaySettingsOut<'a> {
    image_aspect_ratio: &'a str,
}

impl<'a> CarouselOut<'a> {
    fn new(urls: &dyn MediaUrls, carousel: &'a Carousel) -> CarouselOut<'a> {
        let ratio = carousel.image_aspect_ratio.as_deref();
        CarouselOut {
            kind: "carousel",
            text: carousel.text.as_deref(),
            block_chat_input: carousel.block_chat_input,
            items: carousel.items.iter().map(|item| ItemOut::new(urls, item)).collect(),
            display_settings: ratio.map(|image_aspect_ratio| DisplaySettingsOut { image_aspect_ratio }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_chat_input: Option<bool>,
    items: Vec<ItemOut<'a>>,
    #[serde(skip_serializing_if = "<[Action]>::is_empty")]
    actions: &'a [Action],
}

impl<'a> ListOut<'a> {
    fn new(urls: &dyn MediaUrls, list: &'a List) -> ListOut<'a> {
        let items = list.items.iter().map(|item| ItemOut::new(urls, item)).collect();
        ListOut { kind: "list", block_chat_input: list.block_chat_input, items, actions: &list.actions }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemOut<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'a str>,
    actions: &'a [Action],
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
}

impl<'a> ItemOut<'a> {
    fn new(urls: &dyn MediaUrls, item: &'a Item) -> ItemOut<'a> {
        ItemOut {
            title: &item.title,
            description: item.description.as_deref(),
            media_url: item.media.as_ref().map(|media| address(urls, media)),
            media_type: item.media_type.as_deref(),
            alt_text: item.alt_text.as_deref(),
            size: item.size.as_deref(),
            actions: &item.actions,
            metadata: item.metadata.as_ref(),
        }
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
