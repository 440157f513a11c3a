//! Requests and answers over connections that are kept.

use std::time::{Duration, Instant};

use http::header;

use super::sink::{Reply, Sink};
use super::*;

#[tokio::test]
async fn a_request_arrives_as_planned() {
    let sink = Sink::start(|_| {
        Reply::head("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\ncontent-length: 0")
    })
    .await;
    let (client, _) = client(Network::leading_to(sink.address));
    let mut plan = post("http://hook.example:8080/in?a=b%20c#part");
    plan.headers.insert("x-api-key", "secret".parse().unwrap());
    plan.headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    let answer = client.send(plan).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.retry_after(), answer.truncated), (429, Some("120"), false));
    let text = &sink.seen()[0].text;
    assert!(text.starts_with("POST /in?a=b%20c HTTP/1.1\r\n"), "{text}");
    for header in [
        "host: hook.example:8080",
        "x-api-key: secret",
        "content-type: application/json",
        "content-length: 2",
        concat!("user-agent: Crosspoint/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(text.contains(&format!("{header}\r\n")), "{header} is missing in {text}");
    }
    assert!(text.ends_with("\r\n\r\n{}"), "{text}");
    assert!(!text.contains("authorization"), "{text}");
}

#[tokio::test]
async fn name_and_password_of_the_url_become_basic_authorization() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let (client, _) = client(Network::leading_to(sink.address));
    let plan = post("http://us%40er:pass%3Aword@hook.example/");
    assert!(!format!("{plan:?} {:?} {}", plan.url, plan.url).contains("word"), "{plan:?}");
    client.send(plan).await.unwrap();
    let mut plan = post("http://only@hook.example/");
    plan.headers.insert(header::AUTHORIZATION, "Bearer mine".parse().unwrap());
    client.send(plan).await.unwrap();
    let seen = sink.seen();
    // base64 of `us@er:pass:word`
    assert!(seen[0].text.contains("authorization: Basic dXNAZXI6cGFzczp3b3Jk\r\n"), "{seen:?}");
    assert!(seen[0].text.contains("host: hook.example\r\n"), "{seen:?}");
    assert!(seen[1].text.contains("authorization: Bearer mine\r\n"), "{seen:?}");
}

#[tokio::test]
async fn connections_are_kept_and_shared() {
    let sink = Sink::start(|_| Reply::ok("fine")).await;
    let (client, network) = client(Network::leading_to(sink.address));
    for _ in 0..20 {
        let answer = client.clone().send(post("http://hook.example/")).await.unwrap();
        assert_eq!(answer.body, "fine");
    }
    assert_eq!((sink.seen().len(), sink.connections(), network.asked().len()), (20, 1, 1));
}

#[tokio::test]
async fn no_more_idle_connections_are_kept_than_configured() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let config = HttpConfig { idle_per_host: 2, ..HttpConfig::default() };
    let (client, _) = client_with(config, Network::leading_to(sink.address));
    for _ in 0..2 {
        let sends = (0..10).map(|_| client.send(post("http://hook.example/")));
        assert!(futures::future::join_all(sends).await.iter().all(Result::is_ok));
    }
    assert!(sink.connections() >= 12, "{}", sink.connections());
}

#[tokio::test]
async fn a_connection_is_not_used_after_its_idle_time() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let config = HttpConfig { idle_timeout: Duration::from_millis(20), ..HttpConfig::default() };
    let (client, _) = client_with(config, Network::leading_to(sink.address));
    for _ in 0..2 {
        assert_eq!(client.send(post("http://hook.example/")).await.unwrap().status, 200);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(sink.connections(), 2);
}

/// Answers the first request of each connection and ends it at the second.
fn ends_at_the_second(seen: &super::sink::Seen) -> Reply {
    if seen.request == 1 { Reply::ok("") } else { Reply::Close(Vec::new()) }
}

#[tokio::test]
async fn what_may_be_repeated_is_repeated_when_a_kept_connection_ends() {
    let sink = Sink::start(ends_at_the_second).await;
    let (client, _) = client(Network::leading_to(sink.address));
    for _ in 0..3 {
        assert_eq!(client.send(post("http://hook.example/")).await.unwrap().status, 200);
    }
    let seen: Vec<_> = sink.seen().iter().map(|seen| (seen.connection, seen.request)).collect();
    assert_eq!(seen, [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]);
    assert!(sink.seen().iter().all(|seen| seen.text == sink.seen()[0].text));
}

#[tokio::test]
async fn what_may_not_be_repeated_is_sent_once() {
    let sink = Sink::start(ends_at_the_second).await;
    let (client, _) = client(Network::leading_to(sink.address));
    let once = RequestPlan { repeatable: false, ..post("http://hook.example/") };
    assert_eq!(client.send(once.clone()).await.unwrap().status, 200);
    assert_eq!(kind_of(&client, once).await, HttpErrorKind::Closed);
    assert_eq!(sink.seen().len(), 2);
}

#[tokio::test]
async fn a_bad_answer_on_a_kept_connection_is_not_asked_for_again() {
    let sink =
        Sink::start(
            |seen| {
                if seen.request == 1 { Reply::ok("") } else { Reply::Stall(b"nonsense\r\n\r\n".into()) }
            },
        )
        .await;
    let (client, _) = client(Network::leading_to(sink.address));
    assert_eq!(client.send(post("http://hook.example/")).await.unwrap().status, 200);
    assert_eq!(kind_of(&client, post("http://hook.example/")).await, HttpErrorKind::BadAnswer);
    assert_eq!(sink.seen().len(), 2);
}

#[tokio::test]
async fn a_new_connection_that_ends_is_not_tried_again() {
    let sink = Sink::start(|_| Reply::Close(Vec::new())).await;
    let (client, _) = client(Network::leading_to(sink.address));
    assert_eq!(kind_of(&client, post("http://hook.example/")).await, HttpErrorKind::Closed);
    assert_eq!(sink.seen().len(), 1);
}

#[tokio::test]
async fn a_dead_address_does_not_hide_a_living_one() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let (silent, refused) = ("1.1.1.1", "8.8.4.4");
    let network = Network::leading_to(sink.address)
        .name("several.example", &[&[silent, refused, PUBLIC, "8.8.8.8"]])
        .route(silent, Route::Silence)
        .route(refused, Route::Refused);
    let (client, network) = client(network);
    // Who waited for the silent one would come to no connection in time.
    assert_eq!(client.send(post("http://several.example/")).await.unwrap().status, 200);
    assert_eq!(network.dialed(), ["1.1.1.1:80", "8.8.4.4:80", &format!("{PUBLIC}:80")]);
}

#[tokio::test]
async fn no_connection_is_a_connect_error() {
    let network = Network::default()
        .name("refused.example", &[&["8.8.8.8", "8.8.4.4"]])
        .name("silent.example", &[&["1.1.1.1"]])
        .route("1.1.1.1", Route::Silence);
    let config = HttpConfig { connect_timeout: Duration::from_millis(50), ..HttpConfig::default() };
    let (client, network) = client_with(config, network);
    assert_eq!(kind_of(&client, post("http://refused.example/")).await, HttpErrorKind::Connect);
    assert_eq!(network.dialed().len(), 2);
    let start = Instant::now();
    assert_eq!(kind_of(&client, post("http://silent.example/")).await, HttpErrorKind::Connect);
    assert!(start.elapsed() < HttpConfig::default().connect_timeout, "{:?}", start.elapsed());
}
