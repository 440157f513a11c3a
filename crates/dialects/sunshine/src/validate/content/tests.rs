#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const BUSINESS: Rules = Rules { business: true, native: false };
const USER: Rules = Rules { business: false, native: false };

fn make(value: Value, rules: Rules) -> Checked<Content> {
    content(serde_json::from_value(value).unwrap(), rules)
}

/// The stored form of what the business posts.
fn stored(value: Value) -> Value {
    serde_json::to_value(make(value, BUSINESS).unwrap()).unwrap()
}

fn refusal(value: Value) -> String {
    make(value, BUSINESS).unwrap_err().to_string()
}

#[test]
fn a_text_needs_something_to_say() {
    assert_eq!(stored(json!({ "type": "text", "text": "hi" })), json!({ "type": "text", "text": "hi" }));
    let nothing = "needs one of text, htmlText, markdownText and actions";
    for empty in [
        json!({ "type": "text" }),
        json!({ "type": "text", "text": "", "actions": [] }),
        json!({ "type": "text", "htmlText": "<script>x</script>" }),
        json!({ "type": "text", "markdownText": "" }),
        json!({ "type": "text", "markdownText": "![a](http://x/y)" }),
        json!({ "type": "text", "htmlText": "<p> <br>&nbsp;</p>" }),
    ] {
        assert_eq!(refusal(empty), nothing);
    }
    let reply = json!({ "type": "reply", "text": "a", "payload": "b" });
    let with_reply = json!({ "type": "text", "actions": [reply], "blockChatInput": true, "payload": "p" });
    assert_eq!(
        stored(with_reply.clone()),
        json!({ "type": "text", "payload": "p", "actions": [reply], "blockChatInput": true })
    );
}

#[test]
fn texts_have_4096_characters() {
    let longest = "é".repeat(4_096);
    assert_eq!(stored(json!({ "type": "text", "text": longest }))["text"], longest);
    for field in ["text", "htmlText", "markdownText"] {
        let refused = refusal(json!({ "type": "text", field: format!("{longest}x") }));
        assert_eq!(refused, format!("{field}: must not be longer than 4096 characters"));
    }
    let grows = refusal(json!({ "type": "text", "markdownText": "<".repeat(4_000) }));
    assert_eq!(grows, "markdownText: must not be longer than 4096 characters once it is HTML");
}

#[test]
fn rich_text_has_a_plain_one_beside_it() {
    let markdown = stored(json!({ "type": "text", "markdownText": "**a** [b](https://c.example)" }));
    assert_eq!(markdown["htmlText"], r#"<p><strong>a</strong> <a href="https://c.example">b</a></p>"#);
    assert_eq!(markdown["text"], "a b (https://c.example)");
    assert_eq!(markdown.get("markdownText"), None);
    let html = stored(json!({ "type": "text", "htmlText": "<b onclick='x'>a</b>", "text": "own" }));
    assert_eq!(html, json!({ "type": "text", "text": "own", "htmlText": "<b>a</b>" }));
    let both = refusal(json!({ "type": "text", "htmlText": "a", "markdownText": "b" }));
    assert_eq!(both, "htmlText and markdownText exclude each other");
}

#[test]
fn pictures_and_files_have_an_address() {
    let image = stored(json!({ "type": "image", "mediaUrl": "https://a.example/b/c.png?d", "altText": "x",
        "markdownText": "*y*", "mediaType": "ignored/ignored", "mediaSize": 5, "attachmentId": "z" }));
    assert_eq!(
        image,
        json!({ "type": "image", "media": { "url": "https://a.example/b/c.png?d" },
        "mediaType": "image/png", "altText": "x", "text": "y", "htmlText": "<p><em>y</em></p>", "attachmentId": "z" })
    );
    let bare = stored(json!({ "type": "image", "mediaUrl": "https://a.example/b/c.png?d" }));
    assert_eq!(bare["altText"], "c.png");
    let file = stored(json!({ "type": "file", "mediaUrl": "https://a.example/b/my%20file.pdf" }));
    assert_eq!(
        file,
        json!({ "type": "file", "media": { "url": "https://a.example/b/my%20file.pdf" },
        "mediaType": "application/pdf", "altText": "my file.pdf" })
    );
    let refused = refusal(json!({ "type": "image", "mediaUrl": "c.png" }));
    assert_eq!(refused, "mediaUrl: must be an absolute http or https URL");
    let long =
        refusal(json!({ "type": "file", "mediaUrl": "https://a.example", "altText": "x".repeat(129) }));
    assert_eq!(long, "altText: must not be longer than 128 characters");
}

fn card() -> Value {
    json!({ "title": "Soup", "actions": [{ "type": "webview", "text": "a", "uri": "https://b.example",
        "fallback": "https://c.example", "openOnReceive": true }] })
}

#[test]
fn carousels_and_lists_hold_items() {
    let carousel = stored(json!({ "type": "carousel", "items": [card()], "text": "ignored",
        "displaySettings": { "imageAspectRatio": "square" } }));
    assert_eq!(carousel["text"], "1. Soup\na: https://c.example");
    assert_eq!(carousel["imageAspectRatio"], "square");
    let list = stored(json!({ "type": "list", "items": [card()] }));
    assert_eq!(list["items"][0]["title"], "Soup");
    let opening = "only one action of a message can have openOnReceive";
    assert_eq!(refusal(json!({ "type": "list", "items": [card(), card()] })), opening);
    assert_eq!(refusal(json!({ "type": "carousel", "items": [card(), card()] })), opening);
    let ratio = refusal(
        json!({ "type": "carousel", "items": [card()], "displaySettings": { "imageAspectRatio": "x" } }),
    );
    assert_eq!(ratio, "displaySettings.imageAspectRatio: must be one of horizontal, square");
    let none = refusal(json!({ "type": "list", "items": [card()], "actions": [] }));
    assert_eq!(none, "actions: must have 1 to 10 entries");
}

#[test]
fn places_have_a_text() {
    let place = stored(
        json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73 }, "location": { "name": "x" } }),
    );
    assert_eq!(
        place,
        json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73.0 }, "location": { "name": "x" },
        "text": "Location shared:\nhttps://maps.google.com/maps?q=45.5,-73" })
    );
}

#[test]
fn templates_need_a_schema_and_nothing_else_has_one() {
    let template = json!({ "type": "template", "template": { "a": [1, { "b": null }] } });
    let native = Rules { business: true, native: true };
    assert_eq!(serde_json::to_value(make(template.clone(), native).unwrap()).unwrap(), template);
    assert_eq!(refusal(template), "type: template needs a schema");
    let text = make(json!({ "type": "text", "text": "a" }), native).unwrap_err().to_string();
    assert_eq!(text, "type: must be template when schema is given");
}

#[test]
fn some_types_are_not_for_everybody() {
    for kind in ["carousel", "list", "form", "template"] {
        let minimal = json!({ "type": kind, "items": [], "fields": [], "template": {} });
        let refused = make(minimal, USER).unwrap_err().to_string();
        assert_eq!(refused, format!("type: {kind} can be sent by the business only"));
    }
    let response = refusal(json!({ "type": "formResponse", "fields": [] }));
    assert_eq!(response, "type: formResponse cannot be sent through the API");
    let unknown = refusal(json!({ "type": "hologram" }));
    assert!(unknown.starts_with("type: must be one of text, "), "{unknown}");
}

/// Any JSON, with the names of the fields more likely than others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}|https://[a-z]{1,5}\\.example/[a-z.]{0,9}".prop_map(Value::from),
        prop::sample::select(types::Content::KNOWN).prop_map(Value::from),
        prop::sample::select(types::Action::KNOWN).prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "type",
        "text",
        "htmlText",
        "markdownText",
        "actions",
        "items",
        "title",
        "mediaUrl",
        "fields",
        "name",
        "label",
        "options",
        "coordinates",
        "lat",
        "long",
        "uri",
        "payload",
        "template",
        "minSize",
        "metadata",
        "fallback",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..8).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_content_or_refused(value in any_json(), business in any::<bool>(), native in any::<bool>()) {
        let Ok(read) = wire::body::from_value::<types::Content>(&value) else { return Ok(()) };
        if let Ok(core) = content(read, Rules { business, native }) {
            let text = serde_json::to_string(&core).unwrap();
            prop_assert_eq!(serde_json::from_str::<Content>(&text).unwrap(), core);
        }
    }

    #[test]
    fn any_texts_keep_the_limits(text in "\\PC{0,60}", html in "\\PC{0,60}", markdown in prop::bool::ANY) {
        let rich = if markdown { "markdownText" } else { "htmlText" };
        let read = json!({ "type": "text", "text": text, rich: html });
        if let Ok(Content::Text(core)) = make(read, BUSINESS) {
            prop_assert!(core.text.is_some_and(|text| text.chars().count() <= TEXT_CHARS_MAX));
            prop_assert!(core.html_text.is_none_or(|html| html.chars().count() <= TEXT_CHARS_MAX));
        }
    }
}
