//! Answers that are too long, too late or none at all.

use std::time::{Duration, Instant};

use super::sink::{Reply, Sink};
use super::*;

const URL: &str = "http://hook.example/";
/// The time of a request that is to end by it.
const SHORT: Duration = Duration::from_millis(100);
/// The time in which an answer begins on a busy machine, too, where its end does not come.
const ENOUGH: Duration = Duration::from_secs(2);
/// More than any answer here takes, and less than a request has of itself.
const LONG: Duration = Duration::from_secs(15);

async fn sink_and_client(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (Sink, HttpClient) {
    let sink = Sink::start(move |_| reply()).await;
    let (client, _) = client(Network::leading_to(sink.address));
    (sink, client)
}

#[tokio::test]
async fn a_body_up_to_the_limit_comes_whole() {
    let (_sink, client) = sink_and_client(|| Reply::ok(&"x".repeat(300_000))).await;
    let answer = client.send(get(URL, 300_000)).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (300_000, false));
    let url = Target::parse(URL).unwrap();
    let answer = client.get_limited(url, 300_001, LONG).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (300_000, false));
}

#[tokio::test]
async fn a_longer_body_is_an_error_when_it_is_needed_whole() {
    let (_sink, announced) = sink_and_client(|| Reply::ok(&"x".repeat(100_000))).await;
    assert_eq!(kind_of(&announced, get(URL, 99_999)).await, HttpErrorKind::TooLarge);
    // announced, but never sent: nobody waits for it
    let endless = || Reply::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".into());
    let (_sink, client) = sink_and_client(endless).await;
    assert_eq!(kind_of(&client, get(URL, 99_999)).await, HttpErrorKind::TooLarge);
    let (_sink, unannounced) =
        sink_and_client(|| Reply::Stall(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(100_000)).into()))
            .await;
    assert_eq!(kind_of(&unannounced, get(URL, 99_999)).await, HttpErrorKind::TooLarge);
}

#[tokio::test]
async fn a_longer_body_is_cut_when_it_is_only_looked_at() {
    let (sink, client) = sink_and_client(|| Reply::ok(&"x".repeat(100_000))).await;
    for limit in [0, 1, 99_999] {
        let plan = RequestPlan { response_bytes_max: limit, ..post(URL) };
        let answer = client.send(plan).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.len(), answer.truncated), (200, limit, true));
    }
    assert_eq!(sink.connections(), 3, "a connection with an unread rest is not used again");
}

#[tokio::test]
async fn answers_share_their_room_for_as_long_as_they_are_kept() {
    let (_sink, client) = sink_and_client(|| Reply::ok(&"x".repeat(3_000))).await;
    let room = Arc::new(tokio::sync::Semaphore::new(4));
    let plan = || RequestPlan { room: Some(room.clone()), timeout: SHORT, ..get(URL, 4_096) };
    let answer = client.send(RequestPlan { timeout: LONG, ..plan() }).await.unwrap();
    assert_eq!(room.available_permits(), 1, "the announced length, in KiB");
    assert_eq!(kind_of(&client, plan()).await, HttpErrorKind::Timeout);
    drop(answer);
    assert_eq!(room.available_permits(), 4);
    client.send(RequestPlan { timeout: LONG, ..plan() }).await.unwrap();
}

#[tokio::test]
async fn an_endless_head_is_cut_off() {
    let endless = || Reply::Stall(format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(200_000)).into());
    let (_sink, client) = sink_and_client(endless).await;
    assert_eq!(kind_of(&client, post(URL)).await, HttpErrorKind::TooLarge);
    let many = "x: y\r\n".repeat(1_000);
    let (_sink, client) =
        sink_and_client(move || Reply::head(&format!("HTTP/1.1 200 OK\r\n{many}a: b"))).await;
    assert_eq!(kind_of(&client, post(URL)).await, HttpErrorKind::TooLarge);
}

#[tokio::test]
async fn silence_ends_with_the_time_of_the_plan() {
    let (_sink, client) = sink_and_client(|| Reply::Stall(Vec::new())).await;
    let start = Instant::now();
    let plan = RequestPlan { timeout: SHORT, ..post(URL) };
    assert_eq!(kind_of(&client, plan).await, HttpErrorKind::Timeout);
    assert!(start.elapsed() >= SHORT && start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_time_of_the_plan_holds_for_connecting_too() {
    let network = Network::default().name("hook.example", &[&["1.1.1.1"]]).route("1.1.1.1", Route::Silence);
    let (client, _) = client(network);
    let plan = RequestPlan { timeout: SHORT, ..post(URL) };
    assert_eq!(kind_of(&client, plan).await, HttpErrorKind::Timeout);
}

#[tokio::test]
async fn a_body_that_stalls_or_breaks_off_counts_only_when_it_is_needed() {
    let half = b"HTTP/1.1 201 Created\r\ncontent-length: 10\r\n\r\nhalf";
    let stalling = || Reply::Stall(half.to_vec());
    let breaking = || Reply::Close(half.to_vec());
    for (sink_and_client, expected) in [
        (sink_and_client(stalling).await, HttpErrorKind::Timeout),
        (sink_and_client(breaking).await, HttpErrorKind::Closed),
    ] {
        let (_sink, client) = sink_and_client;
        let looked_at = RequestPlan { timeout: ENOUGH, ..post(URL) };
        let answer = client.send(looked_at.clone()).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.body[..], answer.truncated), (201, &b"half"[..], true));
        let needed = RequestPlan { answer_body: AnswerBody::Whole, ..looked_at };
        assert_eq!(kind_of(&client, needed).await, expected);
    }
}

#[tokio::test]
async fn what_is_no_http_is_a_bad_answer() {
    for nonsense in ["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 abc\r\n\r\n", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"] {
        let (_sink, client) = sink_and_client(|| Reply::Stall(nonsense.into())).await;
        let plan = RequestPlan { timeout: LONG, ..post(URL) };
        assert_eq!(kind_of(&client, plan).await, HttpErrorKind::BadAnswer, "{nonsense:?}");
    }
}

#[tokio::test]
async fn an_answer_in_pieces_is_put_together() {
    let (_sink, client) = sink_and_client(|| {
        Reply::head("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0")
    })
    .await;
    let answer = client.send(get(URL, 7)).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"abcdefg"[..]));
}
