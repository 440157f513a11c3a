//! The wire below the real clients: negotiating, shaking hands, closing (hubster.md §6.2–6.6).

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use testkit::{Credentials, Crosspoint, PATIENCE, run};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::events::Floor;
use super::scene::refused;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// No frame may take longer; a silent socket is sent one after 15 s.
const TIME_MAX: Duration = Duration::from_secs(40).saturating_mul(PATIENCE);

const HELLO: &str = "{\"protocol\":\"json\",\"version\":1}\u{1e}";

/// Opens a WebSocket, or gives the status of the refusal.
async fn open(floor: &Floor, query: &str) -> Result<Socket, u16> {
    let url = format!("{}/engine-chat-hub?iId={}{query}", floor.base.replace("http", "ws"), floor.agents);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", floor.token).parse().unwrap());
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn greeted(floor: &Floor) -> Socket {
    let mut socket = open(floor, "").await.unwrap();
    socket.send(Message::text(HELLO)).await.unwrap();
    assert_eq!(next(&mut socket).await, "{}\u{1e}");
    socket
}

/// What comes next: a text, or `close <code>`, or `end`.
async fn next(socket: &mut Socket) -> String {
    let frame = tokio::time::timeout(TIME_MAX, socket.next()).await;
    match frame.expect("nothing came") {
        Some(Ok(Message::Text(text))) => text.to_string(),
        Some(Ok(Message::Close(frame))) => format!("close {}", frame.map_or(0, |frame| frame.code.into())),
        Some(Ok(other)) => format!("{other:?}"),
        Some(Err(_)) | None => "end".to_owned(),
    }
}

async fn negotiate(floor: &Floor, server: &Crosspoint, query: &str) -> Value {
    let api = server.api().with(Credentials::Bearer(floor.token.clone()));
    api.post_nothing(&format!("/engine-chat-hub/negotiate?iId={}{query}", floor.agents)).await.ok()
}

#[test]
fn a_connection_is_negotiated_and_opened_once() {
    run(60, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let new = negotiate(&floor, &server, "&negotiateVersion=7").await;
        assert_eq!((&new["negotiateVersion"], &new["url"]), (&json!(1), &Value::Null));
        let transports = json!([{ "transport": "WebSockets", "transferFormats": ["Text", "Binary"] }]);
        assert_eq!(new["availableTransports"], transports);
        assert_ne!(new["connectionId"], new["connectionToken"]);
        let id = |value: &Value| format!("&id={}", value.as_str().unwrap());
        assert_eq!(open(&floor, &id(&new["connectionId"])).await.err(), Some(404));
        let opened = open(&floor, &id(&new["connectionToken"])).await.unwrap();
        assert_eq!(open(&floor, &id(&new["connectionToken"])).await.err(), Some(409));
        drop(opened);
        let old = negotiate(&floor, &server, "").await;
        assert_eq!((&old["negotiateVersion"], old.get("connectionToken")), (&json!(0), None));
        open(&floor, &id(&old["connectionId"])).await.unwrap();

        let api = server.api().with(Credentials::Bearer(floor.token.clone()));
        refused(api.get("/engine-chat-hub").await, 400, &[206]);
        refused(server.api().post_nothing("/engine-chat-hub/negotiate").await, 401, &[102]);
        refused(server.api().get("/engine-chat-hub").await, 401, &[102]);
        refused(api.get("/engine-chat-hub/send").await, 404, &[105]);
        let origin = "https://shop.example.org";
        let asked =
            server.api().call("OPTIONS", "/engine-chat-hub/negotiate").header("origin", origin).send().await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, origin));
    });
}

#[test]
fn hands_are_shaken_as_the_protocol_says() {
    run(90, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        // In pieces, with a keep-alive and a call behind it in the same frame.
        let mut socket = open(&floor, "").await.unwrap();
        let (one, two) = HELLO.split_at(9);
        let call = "{\"type\":1,\"invocationId\":\"a\",\"target\":\"Bar\",\"arguments\":[]}\u{1e}";
        socket.send(Message::text(one)).await.unwrap();
        let behind = format!(
            "{two}{{\"type\":6}}\u{1e}{call}{{\"type\":1,\"target\":\"Bar\",\"arguments\":[]}}\u{1e}"
        );
        socket.send(Message::text(behind)).await.unwrap();
        assert_eq!(next(&mut socket).await, "{}\u{1e}");
        let answer = "{\"type\":3,\"invocationId\":\"a\",\"error\":\"Unknown hub method 'Bar'\"}\u{1e}";
        assert_eq!(next(&mut socket).await, answer);
        socket.send(Message::text("{\"type\":7}\u{1e}")).await.unwrap();
        assert_eq!(next(&mut socket).await, "close 1000");

        for (hello, error) in [
            (r#"{"protocol":"messagepack","version":1}"#, "The protocol 'messagepack' is not supported."),
            (
                r#"{"protocol":"json","version":9}"#,
                "The server does not support version 9 of the 'json' protocol.",
            ),
        ] {
            let mut socket = open(&floor, "").await.unwrap();
            socket.send(Message::text(format!("{hello}\u{1e}"))).await.unwrap();
            assert_eq!(next(&mut socket).await, format!("{}\u{1e}", json!({ "error": error })));
            assert_eq!(next(&mut socket).await, "close 1000");
        }
        let mut socket = greeted(&floor).await;
        socket.send(Message::text("x".repeat(40_000))).await.unwrap();
        let said = next(&mut socket).await;
        assert!(said.contains("HubException: [400]: ") && said.ends_with("\"}\u{1e}"), "{said}");
        assert_eq!(next(&mut socket).await, "close 1000");
        // Nothing was sent for 15 s.
        assert_eq!(next(&mut greeted(&floor).await).await, "{\"type\":6}\u{1e}");
    });
}

#[test]
fn when_the_server_stops_sockets_are_closed_and_it_does_not_wait_for_the_silent() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let (mut socket, mut ungreeted, _silent) =
            (greeted(&floor).await, open(&floor, "").await.unwrap(), greeted(&floor).await);
        let reading = tokio::spawn(async move {
            assert_eq!(next(&mut ungreeted).await, "close 1001");
            assert_eq!(next(&mut socket).await, "{\"type\":7,\"allowReconnect\":true}\u{1e}");
            assert_eq!(next(&mut socket).await, "close 1001");
            assert_eq!(next(&mut socket).await, "end");
        });
        let stopping = tokio::task::spawn_blocking(move || server.sigterm());
        reading.await.unwrap();
        assert_eq!(stopping.await.unwrap().0, Some(0));
    });
}

#[test]
fn sockets_are_counted_as_connections() {
    run(60, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let mut sockets = Vec::new();
        for _ in 0..20 {
            sockets.push(greeted(&floor).await);
        }
        let connections = server.metrics().value("crosspoint_http_connections").unwrap();
        assert!(connections >= 20.0, "{connections}");
    });
}
