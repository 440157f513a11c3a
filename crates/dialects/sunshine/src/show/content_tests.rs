#![allow(clippy::unwrap_used)]
use model::Id;
use serde_json::{Value, json};

use super::*;

fn shown(content: &Content) -> Value {
    let stored = serde_json::to_string(content).unwrap();
    serde_json::from_str(with_media(&Addresses, &stored).unwrap().get()).unwrap()
}

/// Addresses of a server that is not there.
struct Addresses;

impl MediaUrls for Addresses {
    fn url_of(&self, token: &str, name: &str) -> String {
        format!("https://hub.example/attachments/{token}/{name}")
    }
}

fn link() -> Action {
    let link = json!({ "type": "link", "text": "a", "uri": "https://a.example" });
    serde_json::from_value(link).unwrap()
}

#[test]
fn media_show_their_address() {
    let media = MediaContent {
        media: MediaRef::Attachment { id: Id::MIN, token: "t0".to_owned(), name: "a.png".to_owned() },
        media_type: Some("image/png".to_owned()),
        media_size: Some(5),
        alt_text: Some("alt".to_owned()),
        text: Some("caption".to_owned()),
        html_text: None,
        actions: vec![link()],
        block_chat_input: Some(true),
        attachment_id: None,
    };
    let image = json!({ "type": "image", "mediaUrl": "https://hub.example/attachments/t0/a.png", "mediaType": "image/png",
        "mediaSize": 5, "altText": "alt", "text": "caption", "blockChatInput": true,
        "actions": [{ "type": "link", "text": "a", "uri": "https://a.example" }] });
    assert_eq!(shown(&Content::Image(media.clone())), image);
    assert_eq!(shown(&Content::File(media))["type"], "file");
}

#[test]
fn carousels_and_lists_show_their_items() {
    let item = Item {
        title: "Soup".to_owned(),
        description: None,
        media: Some(MediaRef::Url("https://a.example/s.png".to_owned())),
        media_type: None,
        alt_text: None,
        size: Some("large".to_owned()),
        actions: vec![link()],
        metadata: None,
    };
    let card = json!({ "title": "Soup", "mediaUrl": "https://a.example/s.png", "size": "large",
        "actions": [{ "type": "link", "text": "a", "uri": "https://a.example" }] });
    let carousel = Carousel {
        items: vec![item.clone()],
        text: Some("1. Soup".to_owned()),
        image_aspect_ratio: Some("square".to_owned()),
        block_chat_input: None,
    };
    assert_eq!(
        shown(&Content::Carousel(carousel)),
        json!({ "type": "carousel", "text": "1. Soup", "items": [card], "displaySettings": { "imageAspectRatio": "square" } })
    );
    let list = List { items: vec![item], actions: Vec::new(), block_chat_input: None };
    assert_eq!(shown(&Content::List(list)), json!({ "type": "list", "items": [card] }));
}

/// What passes through unread must be the vendor's form already: written by the core, read as the
/// vendor's type and written again, nothing is lost.
#[test]
fn contents_without_media_are_stored_in_the_shown_form() {
    let contents = [
        json!({ "type": "text", "text": "a", "htmlText": "<b>a</b>", "payload": "p", "blockChatInput": true,
            "actions": [{ "type": "reply", "text": "a", "payload": "b", "iconUrl": "https://a.example", "metadata": { "k": 1 } }] }),
        json!({ "type": "text", "actions": [
            { "type": "webview", "text": "a", "uri": "https://a.example", "fallback": "https://b.example", "default": true,
              "size": "tall", "openOnReceive": true, "extraChannelOptions": { "messenger": { "messenger_extensions": true } } },
            { "type": "buy", "text": "a", "amount": 5, "currency": "usd" },
            { "type": "postback", "text": "a", "payload": "b" }, { "type": "locationRequest", "text": "a" }] }),
        json!({ "type": "form", "submitted": false, "text": "a", "blockChatInput": false, "fields": [
            { "type": "text", "name": "a", "label": "A", "placeholder": "x", "minSize": 1, "maxSize": 5, "format": "decimal" },
            { "type": "select", "name": "b", "label": "B", "options": [{ "name": "x", "label": "X" }] }] }),
        json!({ "type": "formResponse", "textFallback": "A: x", "fields": [
            { "type": "text", "name": "a", "label": "A", "text": "x" },
            { "type": "email", "name": "b", "label": "B", "email": "a@b.example" },
            { "type": "select", "name": "c", "label": "C", "select": [{ "name": "x", "label": "X" }] }] }),
        json!({ "type": "location", "coordinates": { "lat": 1.5, "long": 2.0 }, "text": "t", "blockChatInput": true,
            "location": { "address": "a", "name": "b" } }),
        json!({ "type": "template", "template": { "a": { "b": null } }, "blockChatInput": true }),
    ];
    for form in contents {
        let core: Content = serde_json::from_value(form.clone()).unwrap();
        assert!(!core.kind().has_media());
        let stored = serde_json::to_value(&core).unwrap();
        assert_eq!(stored, form);
        let vendors: types::Content = serde_json::from_value(stored).unwrap();
        assert_eq!(serde_json::to_value(vendors).unwrap(), form);
    }
}
