//! Listening to Hubster's events hub, against a server that plays a script.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, Uri};
use crosspoint_client::hubster::types::{Message, Said};
use crosspoint_client::signalr::{Listen, Signal};
use crosspoint_client::{Client, Credentials, Error, Retry};
use futures::future::BoxFuture;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// What the server does when it is asked for the next time.
enum Step {
    /// Answers negotiation with this.
    Answer(u16, &'static str),
    /// Answers negotiation well, and does this with the socket that follows.
    Socket(Box<dyn FnOnce(Socket) -> BoxFuture<'static, ()> + Send>),
}

/// What a request looked like.
#[derive(Clone, Debug)]
struct Asked {
    uri: Uri,
    headers: HeaderMap,
}

#[derive(Clone)]
struct Hub {
    base: String,
    script: Arc<Mutex<VecDeque<Step>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

fn socket<F: Future<Output = ()> + Send + 'static>(play: impl FnOnce(Socket) -> F + Send + 'static) -> Step {
    Step::Socket(Box::new(move |socket| play(socket).boxed()))
}

impl Hub {
    async fn start(script: impl IntoIterator<Item = Step>) -> Hub {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let hub =
            Hub { base, script: Arc::new(Mutex::new(script.into_iter().collect())), asked: Arc::default() };
        let answering = hub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let hub = answering.clone();
                let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
                    let answer = hub.answer(request);
                    async move { Ok::<_, Infallible>(answer) }
                });
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
            }
        });
        hub
    }

    fn answer(&self, mut request: Request<hyper::body::Incoming>) -> Response<Body> {
        let asked = Asked { uri: request.uri().clone(), headers: request.headers().clone() };
        self.asked.lock().unwrap().push(asked);
        let json = |status: u16, body: &str| {
            Response::builder().status(status).body(Body::from(body.to_owned())).unwrap()
        };
        if request.uri().path() == "/connect/token" {
            let bought = self.asked("/connect/token").len();
            return json(
                200,
                &format!(r#"{{"access_token":"t{bought}","token_type":"Bearer","expires_in":9999}}"#),
            );
        }
        let mut script = self.script.lock().unwrap();
        match script.front() {
            None => json(500, r#"{"status":500,"errors":[]}"#),
            Some(Step::Answer(status, body)) => {
                let answer = json(*status, body);
                script.pop_front();
                answer
            }
            Some(Step::Socket(_)) if request.uri().path().ends_with("/negotiate") => json(
                200,
                r#"{"negotiateVersion":1,"connectionId":"shown","connectionToken":"se cret","availableTransports":[]}"#,
            ),
            Some(Step::Socket(_)) => {
                let Some(Step::Socket(play)) = script.pop_front() else { unreachable!() };
                let key = request.headers()["sec-websocket-key"].as_bytes();
                let answer = Response::builder().status(101).header("connection", "upgrade");
                let answer = answer.header("upgrade", "websocket");
                let answer =
                    answer.header("sec-websocket-accept", derive_accept_key(key)).body(Body::empty());
                let upgrade = hyper::upgrade::on(&mut request);
                tokio::spawn(async move {
                    let upgraded = TokioIo::new(upgrade.await.unwrap());
                    play(WebSocketStream::from_raw_socket(upgraded, Role::Server, None).await).await;
                });
                answer.unwrap()
            }
        }
    }

    /// What came on this path.
    fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.uri.path() == path).cloned().collect()
    }

    fn client(&self, credentials: Credentials) -> Client {
        let retry = Retry { pause: Duration::from_millis(1), ..Retry::default() };
        let client = Client::builder("http://127.0.0.1:1").events(&self.base).identity(&self.base);
        client.credentials(credentials).retry(retry).origin("https://shop.example.com").build().unwrap()
    }

    /// What is heard, at most this much.
    async fn heard(&self, most: usize) -> Vec<Result<Signal, Error>> {
        let engine = self.client(Credentials::bearer("t0")).engine();
        engine.listen(&Listen::to("i1")).take(most).collect().await
    }
}

/// Reads the client's handshake and answers it.
async fn agree(socket: &mut Socket) {
    let said = socket.next().await.unwrap().unwrap();
    assert_eq!(said.into_text().unwrap().as_str(), "{\"protocol\":\"json\",\"version\":1}\u{1e}");
    socket.send(Frame::text("{}\u{1e}")).await.unwrap();
}

async fn send(socket: &mut Socket, text: String) {
    socket.send(Frame::text(text)).await.unwrap();
}

fn activity(number: i64, text: &str) -> String {
    let party = serde_json::json!({ "integrationId": "i1", "integrationType": "Agent", "channelType": "Direct", "tokenId": "t" });
    let activity = serde_json::json!({
        "type": "message", "eventTrigger": "message:agent", "eventId": number, "isEcho": false, "interactionId": "x",
        "flowProcess": "Default", "sender": party, "recipient": party, "conversationId": "c1",
        "message": { "type": "text", "text": text }
    });
    let call = serde_json::json!({ "type": 1, "target": "ReceiveDirectActivities", "arguments": [activity] });
    format!("{call}\u{1e}")
}

/// What was heard, in short.
fn short(heard: &[Result<Signal, Error>]) -> Vec<String> {
    let told = |signal: &Result<Signal, Error>| match signal {
        Ok(Signal::Connected) => "connected".to_owned(),
        Ok(Signal::Activity(activity)) => match activity.said().unwrap() {
            Said::Message(Message::Text(said)) => {
                assert_eq!(activity.conversation_id.as_deref(), Some("c1"));
                said.text.unwrap()
            }
            other => format!("{other:?}"),
        },
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error {:?} {:?}", error.status(), error.code()),
    };
    heard.iter().map(told).collect()
}

#[tokio::test]
async fn activities_are_heard_however_they_are_framed() {
    let play = |mut socket: Socket| async move {
        agree(&mut socket).await;
        let both = activity(1, "one") + "{\"type\":6}\u{1e}" + &activity(2, "two é");
        let cut = both.len() / 2;
        send(&mut socket, both[..cut].to_owned()).await;
        send(&mut socket, both[cut..].to_owned()).await;
        send(
            &mut socket,
            "{\"type\":1,\"target\":\"Other\",\"arguments\":[]}\u{1e}{\"type\":7}\u{1e}".to_owned(),
        )
        .await;
        let _gone = socket.next().await;
    };
    let hub = Hub::start([socket(play)]).await;
    let engine = hub.client(Credentials::bearer("t0")).engine();
    let listen = Listen::to("i1").in_conversation("c/1");
    let heard: Vec<_> = engine.listen(&listen).collect().await;
    assert_eq!(short(&heard), ["connected", "one", "two é"]);
    let negotiation = hub.asked("/engine-chat-hub/negotiate").remove(0);
    let upgrade = hub.asked("/engine-chat-hub").remove(0);
    assert_eq!(negotiation.uri.query(), Some("iId=i1&cId=c%2F1&negotiateVersion=1"));
    assert_eq!(upgrade.uri.query(), Some("iId=i1&cId=c%2F1&id=se+cret"));
    for asked in [negotiation, upgrade] {
        assert_eq!(asked.headers["authorization"], "Bearer t0");
        assert_eq!(asked.headers["origin"], "https://shop.example.com");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_anew() {
    let breaks = |mut socket: Socket| async move {
        agree(&mut socket).await;
        send(&mut socket, activity(1, "one")).await;
    };
    let away = |mut socket: Socket| async move {
        agree(&mut socket).await;
        let frame = CloseFrame { code: 1001.into(), reason: "".into() };
        socket.send(Frame::Close(Some(frame))).await.unwrap();
        let _gone = socket.next().await;
    };
    let drains = |mut socket: Socket| async move {
        agree(&mut socket).await;
        send(&mut socket, "{\"type\":7,\"allowReconnect\":true}\u{1e}".to_owned()).await;
        let _gone = socket.next().await;
    };
    let stays = |mut socket: Socket| async move {
        agree(&mut socket).await;
        send(&mut socket, activity(2, "two")).await;
        send(&mut socket, "{\"type\":7}\u{1e}".to_owned()).await;
        let _gone = socket.next().await;
    };
    let script = [socket(breaks), socket(away), Step::Answer(503, "{}"), socket(drains), socket(stays)];
    let hub = Hub::start(script).await;
    let heard = hub.heard(99).await;
    let lost = "error None None";
    assert_eq!(
        short(&heard),
        [
            "connected",
            "one",
            lost,
            "connected",
            lost,
            "error Some(503) None",
            "connected",
            "connected",
            "two"
        ]
    );
    let errors = heard.iter().filter_map(|signal| signal.as_ref().err());
    assert!(errors.clone().all(Error::is_temporary));
    assert!(errors.map(Error::to_string).any(|text| text.ends_with("closed the socket with 1001")));
}

#[tokio::test]
async fn what_would_come_again_ends_it() {
    let exception = "Connection closed with an error. HubException: [6000]: There is none. (code: ENG006000)";
    let close = format!("{{\"type\":7,\"error\":\"{exception}\"}}\u{1e}");
    let closes = |mut socket: Socket| async move {
        agree(&mut socket).await;
        send(&mut socket, close).await;
        let _gone = socket.next().await;
    };
    let speaks_other = |mut socket: Socket| async move {
        let _said = socket.next().await;
        send(&mut socket, "{\"error\":\"Not this protocol.\"}\u{1e}".to_owned()).await;
        let _gone = socket.next().await;
    };
    let nonsense = |mut socket: Socket| async move {
        agree(&mut socket).await;
        send(&mut socket, "nonsense\u{1e}".to_owned()).await;
        let _gone = socket.next().await;
    };
    for (step, heard) in [
        (socket(closes), &["connected", "error Some(404) Some(\"ENG006000\")"][..]),
        (socket(speaks_other), &["error Some(400) None"]),
        (socket(nonsense), &["connected", "error Some(101) None"]),
        (Step::Answer(200, r#"{"error":"Full."}"#), &["error Some(400) None"]),
        (Step::Answer(200, r#"{"url":"http://elsewhere.example"}"#), &["error Some(200) None"]),
        (
            Step::Answer(
                403,
                r#"{"status":403,"errors":[{"code":101,"description":"No (code: ENG000101)"}]}"#,
            ),
            &["error Some(403) Some(\"ENG000101\")"],
        ),
    ] {
        assert_eq!(short(&Hub::start([step]).await.heard(99).await), heard);
    }
}

#[tokio::test]
async fn an_activity_that_cannot_be_read_is_told_and_listening_goes_on() {
    let play = |mut socket: Socket| async move {
        agree(&mut socket).await;
        let call = "{\"type\":1,\"target\":\"ReceiveDirectActivities\",\"arguments\":[{}]}\u{1e}";
        send(&mut socket, call.to_owned() + &activity(2, "two")).await;
        let _gone = socket.next().await;
    };
    let heard = Hub::start([socket(play)]).await.heard(3).await;
    assert_eq!(short(&heard), ["connected", "error Some(101) None", "two"]);
    let error = heard[1].as_ref().unwrap_err().to_string();
    assert!(error.ends_with("type: is required"), "{error}");
}

#[tokio::test]
async fn a_token_that_is_refused_is_bought_anew() {
    let play = |mut socket: Socket| async move {
        agree(&mut socket).await;
        let _gone = socket.next().await;
    };
    let refused = || {
        Step::Answer(401, r#"{"status":401,"errors":[{"code":102,"description":"Who (code: ENG000102)"}]}"#)
    };
    let hub = Hub::start([refused(), socket(play)]).await;
    let engine = hub.client(Credentials::hubster("hubster.engine.api.b205", "hush")).engine();
    let mut signals = engine.listen(&Listen::to("i1"));
    assert_eq!(signals.next().await.unwrap().unwrap(), Signal::Connected);
    let with: Vec<_> = hub.asked("/engine-chat-hub/negotiate");
    let with: Vec<_> = with.iter().map(|asked| asked.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!(with, ["Bearer t1", "Bearer t2"]);

    let hub = Hub::start([refused(), refused()]).await;
    let engine = hub.client(Credentials::hubster("hubster.engine.api.b205", "hush")).engine();
    let heard: Vec<_> = engine.listen(&Listen::to("i1")).collect().await;
    assert_eq!(short(&heard), ["error Some(401) Some(\"ENG000102\")"]);
}
