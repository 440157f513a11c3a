//! What is sent again, and what never is.

use std::time::{Duration, Instant};

use crosspoint_client::sunshine::types::*;
use crosspoint_client::{Client, Credentials, Error, Retry};

use crate::fake::{Fake, json, refusal};

const APP: &str = r#"{"app":{"id":"a1"}}"#;

#[tokio::test]
async fn reading_is_tried_again_and_waits_as_long_as_it_is_told() {
    let fake = Fake::start([refusal(429, "retry-after", "1"), refusal(503, "x", "y"), json(200, APP)]).await;
    let begun = Instant::now();
    let app = fake.client().sunshine().get_app("a1").await.unwrap().app;
    assert_eq!(app.id, "a1");
    assert!(begun.elapsed() >= Duration::from_secs(1), "the server asked for a second");
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn a_write_is_sent_once_unless_it_has_a_key() {
    for (key, requests) in [(None, 1), (Some("k1"), 2)] {
        let fake = Fake::start([refusal(503, "x", "y"), json(201, APP)]).await;
        let mut call = fake.client().sunshine().create_app(&AppCreateBody::new("Shop"));
        if let Some(key) = key {
            call = call.idempotency_key(key);
        }
        assert_eq!(call.await.is_ok(), key.is_some());
        assert_eq!(fake.asked().len(), requests);
        let bodies: Vec<_> = fake.asked().into_iter().map(|asked| asked.body).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]), "the same each time");
    }
}

#[tokio::test]
async fn a_change_is_never_sent_twice() {
    let fake = Fake::start([refusal(503, "x", "y"), json(200, APP)]).await;
    let call = fake.client().sunshine().update_app("a1", &AppUpdateBody::default()).idempotency_key("k1");
    assert_eq!(call.await.unwrap_err().status(), Some(503), "keys are for POST");
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn whoever_asks_for_too_long_a_pause_gets_no_second_request() {
    let fake = Fake::start([refusal(503, "retry-after", "3600"), json(200, APP)]).await;
    let error = fake.client().sunshine().get_app("a1").await.unwrap_err();
    assert!(error.is_temporary());
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn attempts_end() {
    let fake = Fake::start((0..9).map(|_| refusal(503, "x", "y"))).await;
    assert_eq!(fake.client().sunshine().get_app("a1").await.unwrap_err().status(), Some(503));
    assert_eq!(fake.asked().len(), 4);
}

#[tokio::test]
async fn a_broken_connection_is_tried_again_for_reading_only() {
    // Takes each connection and closes it at once.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (count, mut counted) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
            let _gone = count.send(());
        }
    });
    let retry = Retry { attempts: 3, pause: Duration::from_millis(1), ..Retry::default() };
    let client = Client::builder(base).credentials(Credentials::None).retry(retry).build().unwrap();
    let error = client.sunshine().get_app("a1").await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }) && error.is_temporary(), "{error}");
    let writing = client.sunshine().create_app(&AppCreateBody::new("Shop")).await.unwrap_err();
    assert!(matches!(writing, Error::Unreachable { .. }), "{writing}");
    let mut connections = 0;
    while counted.try_recv().is_ok() {
        connections += 1;
    }
    assert_eq!(connections, 4, "three for reading, one for writing");
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(base).retry(Retry::never()).build().unwrap();
    let call = client.sunshine().get_app("a1").timeout(Duration::from_millis(50));
    let error = call.await.unwrap_err();
    assert_eq!(error.to_string(), "GetApp: no answer within 0.05 s");
    drop(listener);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_one_line() {
    let client = Client::builder("http://127.0.0.1:1").retry(Retry::never()).build().unwrap();
    let error = client.sunshine().get_app("a1").await.unwrap_err().to_string();
    assert!(error.starts_with("GetApp: ") && !error.contains('\n'), "{error}");
    assert!(error.to_lowercase().contains("refused"), "{error}");
}
