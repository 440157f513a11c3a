//! Deliveries of Hubster: what is let in, and what is not.

use axum::http::HeaderMap;
use base64::Engine as _;
use crosspoint_client::hubster::types::{Message, Said};
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

proptest! {
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
