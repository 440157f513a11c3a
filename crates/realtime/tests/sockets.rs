//! Sockets over TCP, with a protocol of toys: what is said is answered, what happens is told, and each
//! way to end ends.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::Utf8Bytes;
use axum::routing::any;
use crosspoint_realtime::{
    Admission, Bus as _, Conversations, Farewell, Interest, Protocol, Publication, SocketSettings, Sockets,
    Topic, Turn,
};
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use model::Id;
use model::record::{AppKey, EventForm};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const TOPIC: Topic = Topic { form: EventForm::Hubster, integration: Id::MIN };

/// Greets whoever says hello, repeats everything else, ends on goodbye.
struct Toy;

impl Protocol for Toy {
    fn receive(&mut self, frame: &[u8], replies: &mut Vec<Utf8Bytes>) -> Turn {
        match frame {
            b"hello" => {
                replies.push("welcome".into());
                Turn::Greeted
            }
            b"bye" => Turn::Leave,
            other => {
                replies.push(String::from_utf8_lossy(other).into_owned().into());
                Turn::Continue
            }
        }
    }

    fn keep_alive(&self) -> Utf8Bytes {
        "ping".into()
    }

    fn farewell(&self, why: &Farewell) -> (Option<Utf8Bytes>, u16) {
        match why {
            Farewell::Refused(text) => (Some(text.clone().into()), 1000),
            Farewell::Full(full) => (Some(format!("full: {full:?}").into()), 1000),
            Farewell::Draining => (Some("draining".into()), 1001),
        }
    }
}

/// A server of sockets, and what decides whether they may listen.
struct House {
    sockets: Sockets,
    address: String,
    allowed: Arc<AtomicBool>,
    _newest: watch::Sender<i64>,
}

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl House {
    async fn open(settings: SocketSettings, first: Result<(), &'static str>) -> House {
        let (newest, numbers) = watch::channel(0);
        let sockets = Sockets::with_newest(numbers, settings);
        let allowed = Arc::new(AtomicBool::new(true));
        let (rooms, asked) = (sockets.clone(), allowed.clone());
        let router = Router::new().route(
            "/",
            any(async move |upgrade: WebSocketUpgrade| {
                let (conversations, visit) = (Conversations::All, None);
                let interest = Interest { app: AppKey(1), topic: TOPIC, conversations, visit };
                let again = move || {
                    let allowed = asked.load(Ordering::Acquire);
                    async move { if allowed { Ok(()) } else { Err("over".to_owned()) } }.boxed()
                };
                let first = first.map(|()| interest).map_err(str::to_owned);
                let admission = Admission { first, again: Arc::new(again) };
                let place = rooms.place();
                place.bound(upgrade).on_upgrade(move |socket| place.run(socket, Toy, admission))
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        House { sockets, address, allowed, _newest: newest }
    }

    async fn client(&self) -> Client {
        connect_async(&self.address).await.unwrap().0
    }

    async fn greeted(&self) -> Client {
        let mut client = self.client().await;
        say(&mut client, "hello").await;
        assert_eq!(next(&mut client).await, "welcome");
        client
    }

    fn tell(&self, sequence: i64, text: &str) {
        let record = text.to_owned().into();
        self.sockets.publish(Publication { topic: TOPIC, conversation: Id::MIN, sequence, record });
    }
}

async fn say(client: &mut Client, text: &str) {
    client.send(Message::text(text)).await.unwrap();
}

/// What comes next: a text, or `close <code>`, or `end`.
async fn next(client: &mut Client) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(100), client.next()).await;
    match frame.unwrap_or_else(|_| panic!("nothing came")) {
        Some(Ok(Message::Text(text))) => text.to_string(),
        Some(Ok(Message::Close(frame))) => format!("close {}", frame.map_or(0, |frame| frame.code.into())),
        Some(Ok(other)) => format!("{other:?}"),
        Some(Err(_)) | None => "end".to_owned(),
    }
}

#[tokio::test]
async fn what_happens_is_told_in_order_to_everybody_who_was_greeted() {
    let house = House::open(SocketSettings::default(), Ok(())).await;
    let (mut one, mut two) = (house.greeted().await, house.greeted().await);
    let mut silent = house.client().await;
    for number in 1..=100 {
        house.tell(number, &number.to_string());
    }
    for number in 1..=100 {
        assert_eq!(next(&mut one).await, number.to_string());
        assert_eq!(next(&mut two).await, number.to_string());
    }
    say(&mut silent, "anybody there?").await;
    assert_eq!(next(&mut silent).await, "anybody there?");
    assert_eq!(house.sockets.present(TOPIC), 2);
    say(&mut one, "bye").await;
    assert_eq!(next(&mut one).await, "close 1000");
    drop(two);
    while house.sockets.present(TOPIC) > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!house.sockets.listens());
}

#[tokio::test]
async fn a_silent_client_is_pinged_and_given_up() {
    let settings = SocketSettings {
        keep_alive: Duration::from_millis(50),
        silence_max: Duration::from_secs(2),
        ..SocketSettings::default()
    };
    let house = House::open(settings, Ok(())).await;
    let mut client = house.greeted().await;
    assert_eq!(next(&mut client).await, "ping");
    while next(&mut client).await == "ping" {}
    assert_eq!(house.sockets.present(TOPIC), 0);
    // One that never says what it speaks.
    let settings = SocketSettings { greeting_time: Duration::from_millis(100), ..SocketSettings::default() };
    let house = House::open(settings, Ok(())).await;
    assert_eq!(next(&mut house.client().await).await, "close 1000");
}

#[tokio::test]
async fn whoever_may_not_listen_hears_why() {
    let house = House::open(SocketSettings::default(), Err("no")).await;
    let mut client = house.greeted().await;
    assert_eq!((next(&mut client).await, next(&mut client).await), ("no".into(), "close 1000".into()));

    let settings = SocketSettings {
        per_integration_max: 1,
        check_every: Duration::from_millis(100),
        ..SocketSettings::default()
    };
    let house = House::open(settings, Ok(())).await;
    let (mut first, mut second) = (house.greeted().await, house.greeted().await);
    assert_eq!(
        (next(&mut second).await, next(&mut second).await),
        ("full: Integration(1)".into(), "close 1000".into())
    );
    house.allowed.store(false, Ordering::Release);
    assert_eq!((next(&mut first).await, next(&mut first).await), ("over".into(), "close 1000".into()));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_and_delays_nobody() {
    let settings = SocketSettings { waiting_records_max: 1_000, ..SocketSettings::default() };
    let house = House::open(settings, Ok(())).await;
    let (slow, mut quick) = (house.greeted().await, house.greeted().await);
    let text = "x".repeat(100_000);
    // More than any buffer between us holds, and more than may wait.
    for number in 1..=400 {
        house.tell(number, &text);
        assert_eq!(next(&mut quick).await.len(), text.len());
    }
    while house.sockets.present(TOPIC) > 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    house.tell(401, "still here");
    assert_eq!(next(&mut quick).await, "still here");
    drop(slow);
}

#[tokio::test]
async fn when_the_server_stops_each_is_told_and_closed() {
    let house = House::open(SocketSettings::default(), Ok(())).await;
    let (mut greeted, mut fresh) = (house.greeted().await, house.client().await);
    let sockets = house.sockets.clone();
    let stopping = tokio::spawn(async move { sockets.shutdown(Duration::from_secs(5)).await });
    for client in [&mut greeted, &mut fresh] {
        assert_eq!((next(client).await, next(client).await), ("draining".into(), "close 1001".into()));
        assert_eq!(next(client).await, "end");
    }
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_the_socket() {
    let settings = SocketSettings { record_bytes_max: 1_000, ..SocketSettings::default() };
    let house = House::open(settings, Ok(())).await;
    let mut client = house.greeted().await;
    say(&mut client, &"x".repeat(4_000)).await;
    assert_eq!(next(&mut client).await.len(), 4_000);
    let _may_break_while_writing = client.send(Message::text("x".repeat(100_000))).await;
    let last = next(&mut client).await;
    assert!(last == "end" || last.starts_with("close"), "{last}");
}
