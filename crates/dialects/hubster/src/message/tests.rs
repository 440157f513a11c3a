//! Any JSON is a message or a list of faults, and what is taken fits the core.
#![allow(clippy::unwrap_used)]

use model::content::{ActionKind, Content};
use model::limits::TEXT_CHARS_MAX;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Writer, read, shown};
use crate::read::{ACTIVITY, Check};

fn taken(message: &Value, writer: Writer) -> Option<Content> {
    let mut check = Check::new(&ACTIVITY);
    let content = read(&mut check, message, "message", writer);
    assert_eq!(
        content.is_none(),
        check.done().is_err(),
        "{message}: a refusal has a fault, and only a refusal"
    );
    content
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("https://a.example/b.png")),
        Just(json!("image")),
        Just(json!("link")),
    ];
    let member = prop_oneof![
        "[a-z]{1,6}",
        prop::sample::select(vec![
            "type",
            "text",
            "items",
            "actions",
            "url",
            "urlType",
            "title",
            "payload",
            "label",
            "mimeType",
            "latitude",
            "longitude",
            "address",
            "properties",
            "value",
            "Title",
            "content",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((member.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_a_message_or_faults(kind in prop::sample::select(super::TYPES.to_vec()), body in value()) {
        let mut message = body;
        let _ = taken(&message, Writer::Customer);
        if let Value::Object(members) = &mut message {
            members.insert("type".into(), kind.into());
        }
        for writer in [Writer::Business, Writer::Customer] {
            if let Some(Content::Text(text)) = taken(&message, writer) {
                prop_assert!(text.text.unwrap().chars().count() <= TEXT_CHARS_MAX);
            }
        }
    }
}

#[test]
fn quick_replies_below_items_become_postbacks() {
    let carousel = json!({ "type": "carousel", "items": [{ "title": "a", "actions": [{ "type": "reply", "title": "b", "payload": "c" }] }] });
    let Some(Content::Carousel(carousel)) = taken(&carousel, Writer::Business) else { panic!("no carousel") };
    assert_eq!(carousel.items[0].actions[0].kind, ActionKind::Postback);
}

#[test]
fn customers_send_no_carousels_and_items_without_buttons_become_text() {
    let carousel =
        json!({ "type": "carousel", "items": [{ "title": "a" }, { "title": "b", "subtitle": "c" }] });
    assert_eq!(taken(&carousel, Writer::Customer), None);
    let Some(Content::Text(text)) = taken(&carousel, Writer::Business) else { panic!("no text") };
    assert_eq!(text.text.as_deref(), Some("a\n\nb\nc"));
}

#[test]
fn what_the_core_says_by_itself_is_a_message_that_is_taken() {
    for content in [
        json!({ "type": "text", "text": "x", "actions": [{ "type": "reply", "text": "a", "payload": "b" }] }),
        json!({ "type": "image", "media": { "url": "https://a.example/b.png" } }),
        json!({ "type": "file", "media": { "url": "https://a.example/b.pdf" } }),
        json!({ "type": "file", "media": { "url": "https://a.example/b.mp4" }, "mediaType": "video/mp4" }),
        json!({ "type": "location", "coordinates": { "lat": 1.5, "long": -2.5 } }),
        json!({ "type": "list", "items": [{ "title": "t", "actions": [{ "type": "postback", "text": "a", "payload": "b" }] }] }),
    ] {
        let message =
            shown::of_content(serde_json::from_value(content.clone()).unwrap(), "https://own.example");
        assert!(taken(&message, Writer::Business).is_some(), "{content} → {message}");
        // Whoever reads it with the published types gets the whole of it.
        let read: wire::hubster::types::Message = serde_json::from_value(message.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), message);
    }
}
