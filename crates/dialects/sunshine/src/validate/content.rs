//! What a message says: from the vendor's form to the core's (sunshine-v2.md §6.2).

use model::content::{
    Carousel, Content, Coordinates, List, Location, MediaContent, MediaRef, Place, Template, Text,
};
use model::fallback::location_text;
use wire::sunshine::limits::{ALT_TEXT_CHARS_MAX, LIST_ACTIONS_COUNT_MAX, TEXT_CHARS_MAX};
use wire::sunshine::types::{self, ImageAspectRatio};

use super::{At, Checked, action, form, item, one_of, refuse, rich_text, text, url};
use dialect_common::media_type;

/// Who writes, and how: some contents are for the business only, templates for native schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Whether the business writes.
    pub(crate) business: bool,
    /// Whether the message names a native schema.
    pub(crate) native: bool,
}

/// The content of a message that a caller posts.
pub(crate) fn content(content: types::Content, rules: Rules) -> Checked<Content> {
    let kind = content.type_name();
    if rules.native && kind != "template" {
        return refuse("must be template when schema is given").at("type");
    }
    if !rules.business && matches!(kind, "carousel" | "list" | "form" | "template") {
        return refuse(format!("{kind} can be sent by the business only")).at("type");
    }
    match content {
        types::Content::Text(content) => text_content(content).map(Content::Text),
        types::Content::Image(content) => image(content).map(Content::Image),
        types::Content::File(content) => file(content).map(Content::File),
        types::Content::Carousel(content) => carousel(content).map(Content::Carousel),
        types::Content::List(content) => list(content).map(Content::List),
        types::Content::Form(content) => form::form(content).map(Content::Form),
        types::Content::Location(content) => location(content).map(Content::Location),
        types::Content::Template(content) if rules.native => {
            let types::Template { template, block_chat_input } = content;
            Ok(Content::Template(Template { template, block_chat_input }))
        }
        types::Content::Template(_) => refuse("template needs a schema").at("type"),
        types::Content::FormResponse(_) => refuse("formResponse cannot be sent through the API").at("type"),
        _ => refuse(format!("must be one of {}", types::Content::KNOWN.join(", "))).at("type"),
    }
}

/// A text with its rich form.
struct Words {
    text: Option<String>,
    html: Option<String>,
}

/// The text of a message or caption. Empty texts count as absent; rich text always has a plain one
/// beside it.
fn words(text: Option<String>, html: Option<String>, markdown: Option<String>) -> Checked<Words> {
    let limited =
        |text: &Option<String>| text::opt(text.as_ref(), |text| text::at_most(text, TEXT_CHARS_MAX));
    limited(&text).at("text")?;
    limited(&html).at("htmlText")?;
    limited(&markdown).at("markdownText")?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (field, html) = match (given(html), given(markdown)) {
        (Some(_), Some(_)) => return refuse("htmlText and markdownText exclude each other"),
        (Some(html), None) => ("htmlText", Some(rich_text::clean_html(&html))),
        (None, Some(markdown)) => ("markdownText", Some(rich_text::markdown_to_html(&markdown))),
        (None, None) => ("", None),
    };
    // Without anything to read, as of a picture that the sanitiser drops, it is none.
    let derived = html.as_deref().map(rich_text::html_to_text).filter(|text| !text.trim().is_empty());
    let html = html.filter(|_| derived.is_some());
    if html.as_ref().is_some_and(|html| html.chars().count() > TEXT_CHARS_MAX) {
        let refusal = format!("must not be longer than {TEXT_CHARS_MAX} characters once it is HTML");
        return refuse(refusal).at(field);
    }
    let text = given(text).or(derived);
    Ok(Words { text, html })
}

fn text_content(content: types::Text) -> Checked<Text> {
    let Words { text, html } = words(content.text, content.html_text, content.markdown_text)?;
    let actions = action::of_message(content.actions)?;
    if text.is_none() && html.is_none() && actions.is_empty() {
        return refuse("needs one of text, htmlText, markdownText and actions");
    }
    action::check_opening(actions.iter())?;
    let (payload, block_chat_input) = (content.payload, content.block_chat_input);
    Ok(Text { text, html_text: html, payload, actions, block_chat_input })
}

fn image(content: types::Image) -> Checked<MediaContent> {
    let media = media(content.media_url, content.alt_text)?;
    let Words { text, html } = words(content.text, content.html_text, content.markdown_text)?;
    let actions = action::of_message(content.actions)?;
    action::check_opening(actions.iter())?;
    Ok(MediaContent {
        text,
        html_text: html,
        actions,
        block_chat_input: content.block_chat_input,
        attachment_id: content.attachment_id,
        ..media
    })
}

fn file(content: types::File) -> Checked<MediaContent> {
    let media = media(content.media_url, content.alt_text)?;
    let Words { text, html } = words(content.text, content.html_text, content.markdown_text)?;
    Ok(MediaContent {
        text,
        html_text: html,
        block_chat_input: content.block_chat_input,
        attachment_id: content.attachment_id,
        ..media
    })
}

/// A medium by its address. Its type is what the name says, until its bytes say better.
fn media(media_url: String, alt_text: Option<String>) -> Checked<MediaContent> {
    url::unlimited_web(&media_url).at("mediaUrl")?;
    let alt_text = self::alt_text(alt_text, Some(&media_url))?;
    Ok(MediaContent {
        media_type: media_type::of_url(&media_url).map(str::to_owned),
        media: MediaRef::Url(media_url),
        media_size: None,
        alt_text,
        text: None,
        html_text: None,
        actions: Vec::new(),
        block_chat_input: None,
        attachment_id: None,
    })
}

/// What describes a medium: what the caller says, else the name of the file at its address.
pub(super) fn alt_text(given: Option<String>, media_url: Option<&str>) -> Checked<Option<String>> {
    text::opt(given.as_ref(), |text| text::at_most(text, ALT_TEXT_CHARS_MAX)).at("altText")?;
    let name = || media_type::name_of_url(media_url?);
    Ok(given.or_else(|| Some(name()?.chars().take(ALT_TEXT_CHARS_MAX).collect())))
}

fn carousel(content: types::Carousel) -> Checked<Carousel> {
    let items = item::all(content.items)?;
    action::check_opening(item::actions(&items))?;
    let ratio = content.display_settings.and_then(|settings| settings.image_aspect_ratio);
    if let Some(ratio) = &ratio {
        let known = one_of((), ratio.is_known(), ImageAspectRatio::KNOWN);
        known.at("displaySettings.imageAspectRatio")?;
    }
    Ok(Carousel {
        text: Some(item::fallback(&items)),
        items,
        image_aspect_ratio: ratio.map(|ratio| ratio.as_str().to_owned()),
        block_chat_input: content.block_chat_input,
    })
}

fn list(content: types::List) -> Checked<List> {
    let items = item::all(content.items)?;
    let actions = match content.actions {
        Some(actions) => action::of_structure(actions, 1, LIST_ACTIONS_COUNT_MAX)?,
        None => Vec::new(),
    };
    action::check_opening(item::actions(&items).chain(&actions))?;
    Ok(List { items, actions, block_chat_input: content.block_chat_input })
}

fn location(content: types::Location) -> Checked<Location> {
    let degrees = |number: &serde_json::Number| match number.as_f64().filter(|degrees| degrees.is_finite()) {
        Some(degrees) => Ok(degrees),
        None => refuse("must be a number"),
    };
    let lat = degrees(&content.coordinates.lat).at("coordinates.lat")?;
    let long = degrees(&content.coordinates.long).at("coordinates.long")?;
    Ok(Location {
        coordinates: Coordinates { lat, long },
        location: content.location.map(|names| Place { address: names.address, name: names.name }),
        text: Some(location_text(lat, long)),
        block_chat_input: content.block_chat_input,
    })
}

#[cfg(test)]
mod tests;
