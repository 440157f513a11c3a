//! The core's content as a message of this API: what was written here comes back as it was written,
//! everything else in the nearest form.

use model::content::{self as core, ActionKind, Content, Item, MediaContent, MediaRef};
use serde_json::Value;
use wire::hubster::types::{
    Action, Attachment, Button, Carousel, Image, Link, List, ListItem, Location, Medium, Message, Text,
    UrlType,
};

/// A message; `public_url` is where our own attachments are.
pub(crate) fn shown(message: &model::record::Message, public_url: &str) -> Value {
    if message.deleted {
        return Message::text("").to_json();
    }
    if let Some(original) = &message.extra.original {
        return original.clone();
    }
    match serde_json::from_str(&message.content) {
        Ok(content) => of_content(content, public_url),
        Err(_) => Message::text("").to_json(),
    }
}

/// A message as it was written, where its content does not give it back by itself.
pub(crate) fn original(content: &Content, written: Value) -> Option<Value> {
    // An address of ours becomes a reference, which may be shown in another way.
    let is_given_back = content.media().is_empty() && of_content(content.clone(), "") == written;
    (!is_given_back).then_some(written)
}

pub(super) fn of_content(content: Content, public_url: &str) -> Value {
    let message = match content {
        Content::Text(text) => {
            // A pressed quick reply says what its button stands for (§5.3).
            let said = text.payload.or(text.text);
            Message::Text(Text { text: said, actions: actions(&text.actions), ..Text::default() })
        }
        Content::Image(image) => picture(image, public_url),
        Content::File(file) => attachment(file, public_url),
        Content::Location(place) => Message::Location(Location {
            address: place.location.and_then(|location| location.address.or(location.name)),
            latitude: Some(place.coordinates.lat),
            longitude: Some(place.coordinates.long),
            ..Location::default()
        }),
        Content::Carousel(carousel) => {
            let items = items(carousel.items, public_url);
            Message::Carousel(Carousel { items, ..Carousel::default() })
        }
        Content::List(list) => {
            let actions = actions(&list.actions);
            Message::List(List { items: items(list.items, public_url), actions, ..List::default() })
        }
        Content::Form(form) => {
            let labels = form.fields.into_iter().map(|field| field.label);
            Message::text(form.text.into_iter().chain(labels).collect::<Vec<_>>().join("\n"))
        }
        Content::FormResponse(answers) => Message::text(answers.text_fallback.unwrap_or_default()),
        Content::Template(template) => Message::text(template_name(&template)),
    };
    message.to_json()
}

/// A template belongs to its provider; all that is read here is which one it is.
fn template_name(template: &core::Template) -> String {
    match template.template.get("name").and_then(Value::as_str) {
        Some(name) => format!("Template: {name}"),
        None => "Template".to_owned(),
    }
}

fn address(media: &MediaRef, public_url: &str) -> String {
    match media {
        MediaRef::Url(url) => url.clone(),
        MediaRef::Attachment { token, name, .. } => format!("{public_url}/attachments/{token}/{name}"),
    }
}

/// A picture; with buttons it is a text that has the picture among its items.
fn picture(image: MediaContent, public_url: &str) -> Message {
    let url = address(&image.media, public_url);
    let picture =
        Message::Image(Image { url, alt: image.alt_text, title: image.text.clone(), ..Image::default() });
    match actions(&image.actions) {
        None => picture,
        actions => {
            Message::Text(Text { text: image.text, items: Some(vec![picture]), actions, channels: None })
        }
    }
}

/// A file; videos and sounds by their type.
fn attachment(file: MediaContent, public_url: &str) -> Message {
    let url = address(&file.media, public_url);
    let mime_type = file.media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let label = file.text.filter(|text| !text.is_empty()).unwrap_or(name);
    let size = file.media_size.and_then(|size| i64::try_from(size).ok());
    let medium = |url, label, mime_type| Medium {
        url,
        label: Some(label),
        mime_type: Some(mime_type),
        size,
        ..Medium::default()
    };
    match mime_type.split('/').next() {
        Some("video") => Message::Video(medium(url, label, mime_type)),
        Some("audio") => Message::Audio(medium(url, label, mime_type)),
        _ => Message::Attachment(Attachment { url, label, mime_type, size, channels: None }),
    }
}

fn items(items: Vec<Item>, public_url: &str) -> Vec<ListItem> {
    let item = |item: Item| {
        let url = item.media.map(|media| address(&media, public_url));
        ListItem {
            title: Some(item.title),
            content: item.description,
            url_type: url.as_ref().map(|_| UrlType::Image),
            url,
            actions: actions(&item.actions),
            ..ListItem::default()
        }
    };
    items.into_iter().map(item).collect()
}

/// Buttons, if there are any; kinds that this API does not have become links, or are left out.
fn actions(actions: &[core::Action]) -> Option<Vec<Action>> {
    let action = |action: &core::Action| {
        let title = action.text.clone();
        let payload = action.payload.clone().unwrap_or_else(|| title.clone());
        match action.kind {
            ActionKind::Postback => Some(Action::Postback(Button { title, payload, ..Button::default() })),
            ActionKind::Reply => {
                let url_icon = action.icon_url.clone();
                Some(Action::Reply(Button { title, payload, url_icon, ..Button::default() }))
            }
            ActionKind::Link | ActionKind::Webview | ActionKind::Buy => {
                let url = action.uri.clone().or_else(|| action.fallback.clone())?;
                Some(Action::Link(Link { title, url, is_default: action.default, ..Link::default() }))
            }
            ActionKind::LocationRequest => None,
        }
    };
    let shown: Vec<Action> = actions.iter().filter_map(action).collect();
    (!shown.is_empty()).then_some(shown)
}
