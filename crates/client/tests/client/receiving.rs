//! Deliveries: what is let in, and what is not.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, StatusCode};
use crosspoint_client::receive::{ReceiveError, Received, Receiver};
use crosspoint_client::sunshine::types::{Payload, Trigger};
use proptest::prelude::*;
use standardwebhooks::Webhook;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const BODY: &str = r#"{"app":{"id":"a1"},"webhook":{"id":"w1","version":"v2"},"events":[
    {"id":"e1","createdAt":"2026-03-01T08:00:00.250Z","type":"conversation:remove",
     "payload":{"conversation":{"id":"c1","type":"personal"}}},
    {"id":"e3","createdAt":"2026-03-01T08:00:00.250Z","type":"conversation:message","payload":{"message":7}},
    {"id":"e2","createdAt":"2026-03-01T08:00:00.250Z","type":"weather:rain","payload":{"mm":3}}]}"#;

#[allow(clippy::disallowed_methods, reason = "signatures are of real time")]
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn headers(key: &str, signed_at: Option<i64>, body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-api-key", key.parse().unwrap());
    if let Some(at) = signed_at {
        let signature = Webhook::new(SECRET).unwrap().sign("e1", at, body.as_bytes()).unwrap();
        headers.insert("webhook-id", "e1".parse().unwrap());
        headers.insert("webhook-timestamp", at.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
    }
    headers
}

#[test]
fn known_and_unknown_events_are_read() {
    let receiver = Receiver::new(SECRET);
    for signed_at in [None, Some(now())] {
        let delivery = receiver.receive(&headers(SECRET, signed_at, BODY), BODY.as_bytes()).unwrap();
        assert_eq!(delivery.app.id, "a1");
        assert_eq!(delivery.events[0].kind, Trigger::ConversationRemove);
        assert!(
            matches!(&delivery.events[0].payload, Payload::ConversationRemove(it) if it.conversation.id == "c1")
        );
        let kept = |at: usize, name: &str| match &delivery.events[at].payload {
            Payload::Unknown(payload) => payload[name].as_i64(),
            read => panic!("{read:?}"),
        };
        assert_eq!(kept(1, "message"), Some(7), "one that is not as its type asks for refuses no other");
        assert_eq!(kept(2, "mm"), Some(3));
        let written = serde_json::to_value(&delivery).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(BODY).unwrap());
    }
}

#[test]
fn what_is_not_proven_is_refused() {
    let plain = Receiver::new(SECRET);
    let strict = plain.clone().require_signature();
    let receive =
        |receiver: &Receiver, headers: &HeaderMap, body: &str| receiver.receive(headers, body.as_bytes());
    assert!(matches!(receive(&plain, &HeaderMap::new(), BODY), Err(ReceiveError::ApiKey)));
    assert!(matches!(receive(&plain, &headers("0123", None, BODY), BODY), Err(ReceiveError::ApiKey)));
    assert!(matches!(receive(&Receiver::new(""), &headers("", None, BODY), BODY), Err(ReceiveError::ApiKey)));
    assert!(matches!(receive(&strict, &headers(SECRET, None, BODY), BODY), Err(ReceiveError::Signature(_))));
    let old = headers(SECRET, Some(now() - 3600), BODY);
    assert!(
        matches!(receive(&plain, &old, BODY), Err(ReceiveError::Signature(_))),
        "a replay of an hour ago"
    );
    let changed = BODY.replace("c1", "c2");
    let signed = headers(SECRET, Some(now()), BODY);
    assert!(matches!(receive(&plain, &signed, &changed), Err(ReceiveError::Signature(_))));
    assert!(receive(&strict, &signed, BODY).is_ok());
    let refusal = receive(&plain, &headers(SECRET, None, "{"), "{").unwrap_err();
    assert_eq!(refusal.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_handler_gets_what_is_proven() {
    async fn hook(Received(delivery): Received) -> String {
        delivery.events.len().to_string()
    }
    let router = axum::Router::new().route("/", axum::routing::post(hook)).with_state(Receiver::new(SECRET));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(crate::fake::serve(stream, router.clone()));
        }
    });
    for (key, body, status, text) in [
        (SECRET, BODY, 200, "3"),
        ("wrong", BODY, 401, "x-api-key is missing or wrong"),
        (SECRET, "{}", 400, "the body cannot be read: app: is required"),
    ] {
        let posting =
            reqwest::Client::new().post(format!("http://{address}/")).header("x-api-key", key).body(body);
        let answer = posting.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (status, text));
    }
}

proptest! {
    #[test]
    fn nothing_that_comes_is_a_panic(key in "\\PC{0,40}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = key.parse() {
            headers.insert("x-api-key", value);
        }
        prop_assert!(Receiver::new(SECRET).receive(&headers, &body).is_err());
        prop_assert!(crosspoint_client::receive::read(&body).is_err());
    }
}
