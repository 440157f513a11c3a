//! Any JSON is a message or a list of faults, and what is taken fits the core.
#![allow(clippy::unwrap_used)]

use model::content::{ActionKind, Content};
use model::limits::TEXT_CHARS_MAX;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use wire::body::from_value;
use wire::hubster::types::{Action, Activity, DirectEvent, Message, Said};

use super::{Taken, Writer, event, prepared_event, read as read_only, shown, take};
use crate::read::{ACTIVITY, Check};

fn take_whole(message: &Value, writer: Writer) -> Option<Taken> {
    let mut check = Check::new(&ACTIVITY);
    let taken = take(&mut check, message, "message", writer);
    assert_eq!(
        taken.is_none(),
        check.done().is_err(),
        "{message}: a refusal has a fault, and only a refusal"
    );
    taken
}

fn taken(message: &Value, writer: Writer) -> Option<Content> {
    take_whole(message, writer).map(|taken| taken.content)
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

/// What a client reads of an activity with this message or event.
fn said(kind: &str, body: &Value) -> Said {
    let party = json!({ "integrationType": "Customer", "channelType": "Direct", "tokenId": "t" });
    let activity = json!({ "type": kind, "eventTrigger": "x", "eventId": 1, "isEcho": false, "flowProcess": "Default",
        "sender": party, "recipient": party, kind: body });
    from_value::<Activity>(&activity).unwrap().said().unwrap()
}

/// Everything that a client read stands in what was delivered.
fn stands_in(read: &Value, delivered: &Value) -> bool {
    match (read, delivered) {
        (Value::Object(read), Value::Object(delivered)) => read
            .iter()
            .all(|(name, value)| delivered.get(name).is_some_and(|delivered| stands_in(value, delivered))),
        (Value::Array(read), Value::Array(delivered)) => {
            read.len() == delivered.len()
                && read.iter().zip(delivered).all(|(one, other)| stands_in(one, other))
        }
        (Value::Number(read), Value::Number(delivered)) => read.as_f64() == delivered.as_f64(),
        _ => read == delivered,
    }
}

/// Whether a client knows a message with all its parts.
fn is_known(message: &Message) -> bool {
    let known = |actions: &Option<Vec<Action>>| {
        actions.iter().flatten().all(|action| !matches!(action, Action::Unknown(_)))
    };
    match message {
        Message::Text(text) => text.items.iter().flatten().all(is_known) && known(&text.actions),
        Message::Carousel(carousel) => carousel.items.iter().all(|item| known(&item.actions)),
        Message::List(list) => known(&list.actions) && list.items.iter().all(|item| known(&item.actions)),
        Message::Card(card) => known(&card.actions),
        Message::Unknown(_) => false,
        _ => true,
    }
}

/// A word in one of the cases that published clients use.
fn cased(word: &'static str) -> impl Strategy<Value = String> {
    let (first, rest) = word.split_at(1);
    prop_oneof![
        4 => Just(word.to_owned()),
        1 => Just(first.to_uppercase() + rest),
        1 => Just(word.to_uppercase()),
    ]
}

fn object(members: Vec<BoxedStrategy<(String, Value)>>) -> impl Strategy<Value = Value> {
    members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

/// A member that is there or not, mostly with a value that fits.
fn member(
    name: &'static str,
    fitting: impl Strategy<Value = Value> + 'static,
) -> BoxedStrategy<(String, Value)> {
    let unfit = prop_oneof![Just(json!(null)), Just(json!(true)), Just(json!([5])), Just(json!({ "A": 1 }))];
    let value = prop_oneof![30 => fitting, 2 => Just(Value::Null), 1 => unfit];
    (cased(name), value).boxed()
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![".{0,12}", Just("https://a.example/b.png".to_owned()), Just("youtu.be/x".to_owned())]
        .prop_map(Value::from)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(format!(" {number}"))),
        (-90.0..90.0f64).prop_map(Value::from),
        (-90.0..90.0f64).prop_map(|number| Value::from(number.to_string())),
    ]
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(words).prop_flat_map(cased).prop_map(Value::from)
}

fn list(entry: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    prop::collection::vec(entry, 0..3).prop_map(Value::from)
}

fn entry() -> impl Strategy<Value = Value> {
    let value = prop_oneof![text(), Just(json!(true)), Just(json!(1.5))];
    object(vec![member("key", text()), member("value", value), member("type", text())])
}

fn channels() -> BoxedStrategy<(String, Value)> {
    member("channels", list(object(vec![member("type", text()), member("metadata", list(entry()))])))
}

fn action() -> impl Strategy<Value = Value> {
    object(vec![
        member("type", one_of(&["link", "postback", "reply"])),
        member("title", text()),
        member("payload", text()),
        member("url", text()),
        member("urlImage", text()),
        member("isDefault", any::<bool>().prop_map(Value::from)),
        channels(),
    ])
}

/// A message of a type, or an item of a list, mostly with members that fit.
fn of_types(types: &'static [&'static str], items: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let texts = ["text", "label", "mimeType", "title", "titleColor", "subtitle", "content", "address"];
    let urls = ["url", "imageUrl", "mediaUrl", "fallbackImageUrl", "urlAnchor"];
    let numbers = ["size", "length", "latitude", "longitude"];
    let mut members: Vec<_> = texts.into_iter().map(|name| member(name, text())).collect();
    members.extend(urls.map(|name| member(name, Just(json!("a.example/b.png")))));
    members.extend(numbers.map(|name| member(name, number())));
    members.push(member("urlType", one_of(&["image", "youtube", "vimeo", "video", "audio"])));
    members.push(member("properties", list(entry())));
    members.push(member("actions", list(action())));
    members.push(member("items", list(items)));
    members.push(channels());
    (one_of(types), any::<u32>(), members)
        .prop_map(|(kind, kept, members)| {
            let mut message = Map::new();
            // Half of the members; all at once would hardly ever fit.
            for (at, (name, value)) in members.into_iter().enumerate() {
                if kept >> at & 1 == 1 {
                    message.insert(name, value);
                }
            }
            message.insert("type".into(), kind);
            Value::Object(message)
        })
        .boxed()
}

fn message() -> BoxedStrategy<Value> {
    let items =
        of_types(&["image", "video", "card", "contact", "location", "youtube"], Just(json!(null)).boxed());
    of_types(super::TYPES, items)
}

proptest! {
    // Eight times the usual number: most of what is made up fits no message.
    #![proptest_config(ProptestConfig::with_cases(8 * ProptestConfig::default().cases))]

    /// Whatever is taken, a client reads all of it, and the same can be sent again.
    #[test]
    fn what_is_taken_is_read_by_clients(message in message()) {
        let Some(Taken { content, message: delivered }) = take_whole(&message, Writer::Business) else { return Ok(()) };
        let Said::Message(read) = said("message", &delivered) else { panic!("no message") };
        prop_assert!(is_known(&read), "{message} → {delivered}");
        let again = read.to_json();
        prop_assert!(stands_in(&again, &delivered), "{delivered} → {again}");
        let content_again = read_only(&mut Check::new(&ACTIVITY), &again, "message", Writer::Business);
        prop_assert_eq!(content_again, Some(content), "{} → {}", message, again);
    }

    #[test]
    fn events_that_are_taken_are_read_by_clients(
        kind in one_of(&["seen", "typing_on", "typing_off", "payload"]), name in ".{0,20}", payload in value(),
        spelling in cased("payloadType"),
    ) {
        let given = json!({ "Type": kind, spelling: name, "Payload": payload });
        let Some(prepared) = prepared_event(&mut Check::new(&ACTIVITY), &given, "event") else { return Ok(()) };
        let delivered = match event(&mut Check::new(&ACTIVITY), prepared.said(), "event").unwrap().signalled(prepared.said()) {
            hub::Signalled::Own(body) => body,
            hub::Signalled::Activity(_) => return Ok(()),
        };
        let Said::Event(read) = said("event", &delivered) else { panic!("no event") };
        let payload = payload.as_object().cloned().unwrap_or_default();
        prop_assert_eq!(read, DirectEvent::payload(name, payload));
    }
}

#[test]
fn what_is_accepted_is_delivered_as_the_documentation_writes_it() {
    for (given, delivered) in [
        (json!({ "Type": "Text", "TEXT": "x", "items": null }), json!({ "type": "text", "text": "x" })),
        (
            json!({ "type": "location", "latitude": "43.5", "longitude": " -79 " }),
            json!({ "type": "location", "latitude": 43.5, "longitude": -79.0 }),
        ),
        (
            json!({ "type": "video", "url": "https://a.example/b", "size": "12", "length": 5 }),
            json!({ "type": "video", "url": "https://a.example/b", "size": 12, "length": 5 }),
        ),
        (
            json!({ "type": "contact", "title": "t", "Properties": [{ "Value": "v" }, { "Key": "k", "VALUE": "v", "Type": "phone;cell" }] }),
            json!({ "type": "contact", "title": "t", "properties": [{ "key": "", "value": "v" }, { "key": "k", "value": "v", "type": "phone;cell" }] }),
        ),
        (
            json!({ "type": "text", "text": "x", "channels": [{ "Type": "Webchat", "metadata": [{ "Key": "caption-show", "value": true }] }],
                "actions": [{ "TYPE": "Reply", "title": "a", "payload": "B" }] }),
            json!({ "type": "text", "text": "x", "channels": [{ "type": "Webchat", "metadata": [{ "key": "caption-show", "value": "true" }] }],
                "actions": [{ "type": "reply", "title": "a", "payload": "B" }] }),
        ),
        (
            json!({ "type": "list", "items": [{ "title": "t", "type": "Video", "mediaUrl": "https://a.example/b.mp4" }] }),
            json!({ "type": "list", "items": [{ "title": "t", "type": "video", "urlType": "video", "mediaUrl": "https://a.example/b.mp4", "url": "https://a.example/b.mp4" }] }),
        ),
        (
            json!({ "type": "text", "text": "https://a.example/b.png" }),
            json!({ "type": "image", "url": "https://a.example/b.png" }),
        ),
    ] {
        let taken = take_whole(&given, Writer::Business).unwrap_or_else(|| panic!("{given}"));
        assert_eq!(taken.message, delivered, "{given}");
    }
    for faulty in [
        json!({ "type": "video", "url": "https://a.example/b", "length": "long" }),
        json!({ "type": "image", "url": "https://a.example/b", "titleColor": 5 }),
        json!({ "type": "text", "text": "x", "channels": 5 }),
        json!({ "type": "text", "text": "x", "channels": [{}] }),
        json!({ "type": "text", "text": "x", "channels": [{ "type": "Webchat", "metadata": [{ "key": "k", "value": [] }] }] }),
        json!({ "type": "text", "text": "x", "actions": [{ "type": "link", "title": "a", "url": "https://a.example", "urlImage": 5 }] }),
        json!({ "type": "contact", "title": "t", "properties": [{ "key": "k", "value": "v", "type": 5 }] }),
        json!({ "type": "location", "address": "a", "imageUrl": 5 }),
    ] {
        assert!(take_whole(&faulty, Writer::Business).is_none(), "{faulty}");
    }
}

/// A client reads a missing key as an empty one, and sends it back so.
#[test]
fn no_key_and_an_empty_key_say_the_same() {
    for key in [json!(null), json!("")] {
        let contact =
            json!({ "type": "contact", "title": "t", "properties": [{ "key": key, "value": "v" }] });
        let Some(Content::Text(text)) = taken(&contact, Writer::Business) else { panic!("no text") };
        assert_eq!(text.text.as_deref(), Some("t\nv"));
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
fn nothing_of_a_message_vanishes() {
    let buttons = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|at| json!({ "type": "postback", "title": format!("b{at}"), "payload": "p" }))
            .collect()
    };
    let words = |message: Value| match taken(&message, Writer::Business).unwrap() {
        Content::Text(text) => (text.text.unwrap(), text.actions.len()),
        other => panic!("{other:?}"),
    };
    let link = json!({ "type": "link", "title": "more", "url": "https://a.example" });
    let room = wire::sunshine::limits::ACTIONS_COUNT_MAX;
    let many = [buttons(room + 1), vec![link]].concat();
    let many = json!({ "type": "text", "text": "choose", "actions": many });
    assert_eq!(words(many), (format!("choose\nb{room}\nmore: https://a.example"), room));
    let card = json!({ "type": "card", "title": "t", "content": "c", "actions": buttons(1) });
    let place = json!({ "type": "location", "latitude": 1, "longitude": 2, "address": "here" });
    let beside = json!({ "type": "text", "text": "x", "items": [card, place] });
    assert_eq!(words(beside), ("x\nt\nc\nhere\nhttps://maps.google.com/maps?q=1,2".to_owned(), 1));
    // What an item of the core has no room for is said in lines.
    let item =
        |content: &str, count: usize| json!({ "title": "t", "content": content, "actions": buttons(count) });
    let long = "c".repeat(129);
    assert_eq!(words(json!({ "type": "carousel", "items": [item(&long, 1)] })), (format!("t\n{long}"), 1));
    assert_eq!(words(json!({ "type": "list", "items": [item("c", 4)] })), ("t\nc".to_owned(), 4));
    let video =
        json!({ "title": "t", "urlType": "video", "url": "https://a.example/v", "actions": buttons(1) });
    assert_eq!(words(json!({ "type": "carousel", "items": [video] })).0, "t\nhttps://a.example/v");
}

#[test]
fn what_nobody_can_receive_is_refused_once() {
    for (message, wanted) in [
        (json!({ "type": "carousel", "items": [{}] }), 5023),
        (json!({ "type": "list", "items": [{ "fallbackImageUrl": "https://a.example/b" }] }), 5023),
        (json!({ "type": "card", "actions": [{ "type": "postback", "title": "a", "payload": "b" }] }), 5023),
        (json!({ "type": "location", "latitude": 90.5, "longitude": 0 }), 207),
        (json!({ "type": "location", "latitude": 0, "longitude": "-180.5" }), 207),
        (
            json!({ "type": "attachment", "url": "https://a.example/b", "mimeType": "a/b", "label": "l".repeat(101) }),
            207,
        ),
        (json!({ "type": "attachment", "url": "https://a.example/b", "mimeType": "a/b" }), 5001),
        (json!({ "type": "attachment", "url": "https://a.example/b", "mimeType": "a/b", "label": 5 }), 5002),
    ] {
        let mut check = Check::new(&ACTIVITY);
        assert!(take(&mut check, &message, "message", Writer::Business).is_none(), "{message}");
        let crate::http::error::ApiError::Faults(faults) = check.done().unwrap_err() else {
            panic!("{message}")
        };
        assert_eq!(faults.iter().map(|fault| fault.number()).collect::<Vec<_>>(), [wanted], "{message}");
    }
}

#[test]
fn what_the_core_says_by_itself_is_a_message_that_is_taken() {
    for content in [
        json!({ "type": "text", "text": "x", "actions": [{ "type": "reply", "text": "a", "payload": "b" }] }),
        json!({ "type": "image", "media": { "url": "https://a.example/b.png" } }),
        json!({ "type": "file", "media": { "url": "https://a.example/b.pdf" } }),
        json!({ "type": "file", "media": { "url": "https://a.example/b.mp4" }, "mediaType": "video/mp4" }),
        json!({ "type": "location", "coordinates": { "lat": 1.5, "long": -2.5 } }),
        json!({ "type": "template", "template": { "name": "order_sent", "language": { "code": "en" } } }),
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
