//! Deliveries of Hubster: what is let in, and what is not.

use axum::http::HeaderMap;
use base64::Engine as _;
use crosspoint_client::hubster::types::*;
use crosspoint_client::receive::ReceiveError;
use crosspoint_client::receive::hubster::{Received, Receiver, read};
use hmac::{Hmac, Mac as _};
use proptest::prelude::*;

const KEY: &str = "FA96D15568654A4482772E00BA941BCB";
const BODY: &str = r#"{"hubId":"h","tenantId":"t","integrationId":"i","conversationId":"c","conversationProperties":{"profile":{}},
    "activity":{"type":"message","eventTrigger":"message:customer","eventId":1,"isEcho":false,"interactionId":"x","flowProcess":"Default",
    "sender":{"integrationType":"Customer","channelType":"Direct","tokenId":"t"},"recipient":{"integrationType":"Agent","channelType":"Direct","tokenId":"t"},
    "message":{"type":"text","text":"Hi","somethingNew":{"any":1}}}}"#;

fn signed(key: &str, body: &str) -> HeaderMap {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    let mut headers = HeaderMap::new();
    headers.insert("x-hubster-signature", signature.parse().unwrap());
    headers.insert("x-hubster-public-key", "6DF6C11E1A0B4B6F9F3C9A8B7C6D5E4F".parse().unwrap());
    headers
}

#[test]
fn the_published_check_value_is_right() {
    let mut headers = HeaderMap::new();
    let signature = "upVRHQCB3yjLjoCxLQi6bMfPO3hbnPbxUiqnlbrApK4=";
    headers.insert("x-hubster-signature", signature.parse().unwrap());
    Receiver::new(KEY).verify(&headers, br#"{"a":1}"#).unwrap();
    assert!(Receiver::new(KEY).verify(&headers, br#"{"a":2}"#).is_err());
}

#[test]
fn a_delivery_is_read_and_nothing_of_it_is_lost() {
    let headers = signed(KEY, BODY);
    assert_eq!(Receiver::public_key(&headers), Some("6DF6C11E1A0B4B6F9F3C9A8B7C6D5E4F"));
    let delivery = Receiver::new(KEY).receive(&headers, BODY.as_bytes()).unwrap();
    let activities: Vec<_> = delivery.activities().collect();
    let Said::Message(Message::Text(text)) = activities[0].said().unwrap() else { panic!() };
    assert_eq!((activities.len(), text.text.as_deref()), (1, Some("Hi")));
    let written = serde_json::to_value(&delivery).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(BODY).unwrap());
}

#[test]
fn what_is_not_proven_is_refused() {
    let receiver = Receiver::new(KEY);
    let refused = |receiver: &Receiver, headers: &HeaderMap, body: &str| {
        matches!(receiver.receive(headers, body.as_bytes()), Err(ReceiveError::Signature(_)))
    };
    assert!(refused(&receiver, &HeaderMap::new(), BODY));
    assert!(refused(&receiver, &signed("another", BODY), BODY));
    assert!(refused(&receiver, &signed(KEY, BODY), &BODY.replace("Hi", "Ho")));
    assert!(refused(&Receiver::new(""), &signed("", BODY), BODY));
    let mut garbled = signed(KEY, BODY);
    garbled.insert("x-hubster-signature", "!".parse().unwrap());
    assert!(refused(&receiver, &garbled, BODY));
    let unreadable = receiver.receive(&signed(KEY, "{}"), b"{}").unwrap_err();
    assert_eq!(unreadable.to_string(), "the body cannot be read: hubId: is required");
}

#[tokio::test]
async fn a_handler_gets_what_is_proven() {
    async fn hook(Received(delivery): Received) -> String {
        delivery.activities().count().to_string()
    }
    let router = axum::Router::new().route("/", axum::routing::post(hook)).with_state(Receiver::new(KEY));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(crate::fake::serve(stream, router.clone()));
        }
    });
    for (key, body, status, text) in
        [(KEY, BODY, 200, "1"), ("wrong", BODY, 401, "the signature is refused: it is wrong")]
    {
        let posting = reqwest::Client::new().post(format!("http://{address}/"));
        let answer = posting.headers(signed(key, body)).body(body).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (status, text));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9]{1,12}", "\\PC{0,20}", Just("\"\\\u{1}\u{7f}😀".to_owned())]
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text())
}

/// Members that the server gives back as they were given: any JSON.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn action()(kind in 0..3, title in text(), payload in text(), url_icon in some_text()) -> Action {
        match kind {
            0 => Action::Link(Link { title, url: payload, url_icon, ..Default::default() }),
            1 => Action::Postback(Button { title, payload, url_icon, ..Default::default() }),
            _ => Action::Reply(Button { title, payload, url_icon, ..Default::default() }),
        }
    }
}

prop_compose! {
    fn item()(title in some_text(), content in some_text(), url in some_text(), actions in proptest::collection::vec(action(), 0..3)) -> ListItem {
        let url_type = url.is_some().then_some(UrlType::Image);
        ListItem { title, content, url, url_type, actions: Some(actions), ..Default::default() }
    }
}

/// Messages of every type.
fn message() -> BoxedStrategy<Message> {
    let parts = (
        text(),
        some_text(),
        some_text(),
        proptest::option::of(any::<f64>().prop_filter("a number", |it| it.is_finite())),
    );
    let lists = (proptest::collection::vec(action(), 0..3), proptest::collection::vec(item(), 0..3));
    (0..13, parts, lists)
        .prop_map(|(kind, (url, label, more, number), (actions, items))| match kind {
            0 => Message::Text(Text { text: Some(url), actions: Some(actions), ..Default::default() }),
            1 => Message::Youtube(Medium { url, label, ..Default::default() }),
            2 => Message::Vimeo(Medium { url, mime_type: label, ..Default::default() }),
            3 => Message::Video(Medium { url, label, size: Some(7), ..Default::default() }),
            4 => Message::Audio(Medium { url, label, length: Some(8), ..Default::default() }),
            5 => Message::Image(Image { url, alt: label, title: more, ..Default::default() }),
            6 => Message::Attachment(Attachment {
                url,
                label: label.unwrap_or_default(),
                ..Default::default()
            }),
            7 => Message::Location(Location {
                address: label,
                latitude: number,
                longitude: number,
                ..Default::default()
            }),
            8 => Message::Contact(Contact { title: url, subtitle: label, ..Default::default() }),
            9 => {
                Message::Card(Card { title: Some(url), content: label, subtitle: more, ..Default::default() })
            }
            10 => Message::Carousel(Carousel { items, ..Default::default() }),
            11 => Message::List(List { items, actions: Some(actions), ..Default::default() }),
            _ => Message::Command(CommandAnswer { title: Some(url), ..Default::default() }),
        })
        .boxed()
}

/// Messages and events that the client knows, and others.
fn said() -> BoxedStrategy<Said> {
    let event = (0..4, text(), proptest::collection::btree_map(text(), json(), 0..3)).prop_map(
        |(kind, name, payload)| match kind {
            0 => DirectEvent::plain(DirectEventType::Seen),
            1 => DirectEvent::plain(DirectEventType::TypingOn),
            2 => DirectEvent::plain(DirectEventType::from(name.as_str())),
            _ => DirectEvent::payload(name, payload.into_iter().collect()),
        },
    );
    prop_oneof![message().prop_map(Said::Message), event.prop_map(Said::Event)].boxed()
}

prop_compose! {
    fn party()(id in some_text(), kind in 0i64..7, channel in 0i64..108, token_id in text()) -> Party {
        let (integration_type, channel_type) = (IntegrationType::from_number(kind), ChannelType::from_number(channel));
        Party { integration_id: id, integration_type, channel_type, token_id }
    }
}

prop_compose! {
    fn activity()(
        said in said(), trigger in text(), event_id: i64, external_id in some_text(), is_echo: bool,
        interaction_id in some_text(), flow_process in text(), sender in party(), recipient in party(),
    ) -> (Activity, Said) {
        let (message, event) = match &said {
            Said::Message(message) => (Some(serde_json::to_value(message).unwrap()), None),
            Said::Event(event) => (None, Some(serde_json::to_value(event).unwrap())),
            _ => (None, None),
        };
        let kind = if message.is_some() { "message" } else { "event" }.to_owned();
        let activity = Activity {
            conversation_id: None, kind, event_trigger: trigger, event_id, external_id, is_echo, interaction_id, flow_process, sender, recipient,
            message, event,
        };
        (activity, said)
    }
}

proptest! {
    /// Whatever is posted, a reader gets the same, and what is said in it.
    #[test]
    fn any_delivery_is_read_as_it_was_made(
        (activity, said) in activity(), to_system: bool, ids in proptest::array::uniform4(text()),
        properties in proptest::collection::btree_map(text(), json(), 0..4),
    ) {
        let [hub_id, tenant_id, integration_id, conversation_id] = ids;
        let conversation_properties = properties.into_iter().collect();
        let (activities, activity) =
            if to_system { (Some(vec![activity]), None) } else { (None, Some(activity)) };
        let made = WebhookBody {
            hub_id, tenant_id, integration_id, conversation_id, conversation_properties, activities, activity,
        };
        let body = serde_json::to_string(&made).unwrap();
        let read = Receiver::new(KEY).receive(&signed(KEY, &body), body.as_bytes()).unwrap();
        prop_assert_eq!(&read, &made);
        prop_assert_eq!(read.activities().next().unwrap().said().unwrap(), said);
    }

    #[test]
    fn nothing_that_comes_is_a_panic(signature in "\\PC{0,60}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = signature.parse() {
            headers.insert("x-hubster-signature", value);
        }
        prop_assert!(Receiver::new(KEY).receive(&headers, &body).is_err());
        prop_assert!(read(&body).is_err());
    }
}
