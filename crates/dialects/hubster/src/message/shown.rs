//! The core's content as a message of this API: what was written here comes back as it was written,
//! everything else in the nearest form.

use model::content::{Action, ActionKind, Content, Item, MediaContent, MediaRef};
use model::record::Message;
use serde_json::{Map, Value, json};

/// A message; `public_url` is where our own attachments are.
pub(crate) fn shown(message: &Message, public_url: &str) -> Value {
    if message.deleted {
        return json!({ "type": "text", "text": "" });
    }
    if let Some(original) = &message.extra.original {
        return original.clone();
    }
    match serde_json::from_str(&message.content) {
        Ok(content) => of_content(content, public_url),
        Err(_) => json!({ "type": "text", "text": "" }),
    }
}

/// A message as it was written, where its content does not give it back by itself.
pub(crate) fn original(content: &Content, written: Value) -> Option<Value> {
    // An address of ours becomes a reference, which may be shown in another way.
    let is_given_back = content.media().is_empty() && of_content(content.clone(), "") == written;
    (!is_given_back).then_some(written)
}

pub(super) fn of_content(content: Content, public_url: &str) -> Value {
    let shown = match content {
        Content::Text(text) => {
            // A pressed quick reply says what its button stands for (§5.3).
            let said = text.payload.or(text.text);
            json!({ "type": "text", "text": said, "actions": actions(&text.actions) })
        }
        Content::Image(image) => picture(&image, public_url),
        Content::File(file) => attachment(&file, public_url),
        Content::Location(place) => json!({
            "type": "location",
            "address": place.location.and_then(|location| location.address.or(location.name)),
            "latitude": place.coordinates.lat,
            "longitude": place.coordinates.long,
        }),
        Content::Carousel(carousel) => {
            json!({ "type": "carousel", "items": items(&carousel.items, public_url) })
        }
        Content::List(list) => {
            json!({ "type": "list", "items": items(&list.items, public_url), "actions": actions(&list.actions) })
        }
        Content::Form(form) => {
            let labels = form.fields.iter().map(|field| field.label.clone());
            json!({ "type": "text", "text": form.text.into_iter().chain(labels).collect::<Vec<_>>().join("\n") })
        }
        Content::FormResponse(answers) => {
            json!({ "type": "text", "text": answers.text_fallback.unwrap_or_default() })
        }
        Content::Template(_) => json!({ "type": "text", "text": "" }),
    };
    without_nulls(shown)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn address(media: &MediaRef, public_url: &str) -> String {
    match media {
        MediaRef::Url(url) => url.clone(),
        MediaRef::Attachment { token, name, .. } => format!("{public_url}/attachments/{token}/{name}"),
    }
}

/// A picture; with buttons it is a text that has the picture among its items.
fn picture(image: &MediaContent, public_url: &str) -> Value {
    let url = address(&image.media, public_url);
    let picture = json!({ "type": "image", "url": url, "alt": image.alt_text, "title": image.text });
    match actions(&image.actions) {
        Value::Null => picture,
        actions => json!({ "type": "text", "text": image.text, "items": [picture], "actions": actions }),
    }
}

/// A file; videos and sounds by their type.
fn attachment(file: &MediaContent, public_url: &str) -> Value {
    let url = address(&file.media, public_url);
    let media_type = file.media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    let kind = match media_type.split('/').next() {
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "attachment",
    };
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let label = file.text.clone().filter(|text| !text.is_empty()).unwrap_or(name);
    json!({ "type": kind, "url": url, "label": label, "mimeType": media_type, "size": file.media_size })
}

fn items(items: &[Item], public_url: &str) -> Vec<Value> {
    let item = |item: &Item| {
        let url = item.media.as_ref().map(|media| address(media, public_url));
        json!({
            "title": item.title,
            "content": item.description,
            "urlType": url.as_ref().map(|_| "image"),
            "url": url,
            "actions": actions(&item.actions),
        })
    };
    items.iter().map(item).collect()
}

/// Buttons; kinds that this API does not have become links, or are left out.
fn actions(actions: &[Action]) -> Value {
    let action = |action: &Action| {
        let payload = action.payload.as_deref().unwrap_or(&action.text);
        match action.kind {
            ActionKind::Postback => {
                Some(json!({ "type": "postback", "title": action.text, "payload": payload }))
            }
            ActionKind::Reply => Some(
                json!({ "type": "reply", "title": action.text, "payload": payload, "urlIcon": action.icon_url }),
            ),
            ActionKind::Link | ActionKind::Webview | ActionKind::Buy => {
                let url = action.uri.as_ref().or(action.fallback.as_ref())?;
                Some(json!({ "type": "link", "title": action.text, "url": url, "isDefault": action.default }))
            }
            ActionKind::LocationRequest => None,
        }
    };
    let shown: Vec<Value> = actions.iter().filter_map(action).collect();
    if shown.is_empty() { Value::Null } else { Value::Array(shown) }
}
