//! The channel of `docs/adding-a-channel.md` in a whole server: nothing but the channel itself is needed.

use std::sync::{Arc, Mutex};

use channels::{Channel, Descriptor};
use serde_json::{Value, json};
use server::{Config, Server};
use store::SystemClock;
use testkit::scene::App;
use testkit::{Api, Key, Sink, eventually, fresh_dir, run, text_at};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::conversation_of;
use toy::{DESCRIPTOR, KIND, Pigeons};

#[path = "../../../crates/channels/tests/toy/pigeons.rs"]
mod toy;

/// What the loft was told: path and body, in order.
type Told = Arc<Mutex<Vec<(String, Value)>>>;

/// A loft on this machine; gives its address.
async fn loft(told: Told) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, told.clone()));
        }
    });
    url
}

async fn answer(mut stream: TcpStream, told: Told) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4_096]);
    let (path, body) = loop {
        let count = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").filter(|(_, body)| body.ends_with('}'));
        if let Some((head, body)) = whole {
            break (head.split(' ').nth(1).unwrap().to_owned(), serde_json::from_str(body).unwrap());
        }
        assert!(count > 0, "a whole request");
    };
    told.lock().unwrap().push((path, body));
    let reply = r#"{"flight":"F2"}"#;
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}", reply.len());
    stream.write_all(format!("{head}\r\n\r\n{reply}").as_bytes()).await.unwrap();
}

#[test]
fn a_channel_that_nobody_here_knows_is_spoken() {
    run(60, async {
        let told = Told::default();
        let base_url = loft(told.clone()).await.leak();
        let pigeons: &'static dyn Channel =
            Box::leak(Box::new(Pigeons(Box::leak(Box::new(Descriptor { base_url, ..DESCRIPTOR })))));
        let (place, sink) = (fresh_dir("pigeons"), Sink::start().await);
        let key = Key { id: "act_5f0000000000000000000001".into(), secret: "s".repeat(86) };
        let config = Config::from_values([
            ("data_dir", place.to_str().unwrap()),
            ("listen", "127.0.0.1:0"),
            ("account_key_id", &key.id),
            ("account_key_secret", &key.secret),
            ("webhook_allow_private", "true"),
        ]);
        let server = Server::start_with(config.unwrap(), Arc::new(SystemClock), &[pigeons]).await.unwrap();
        let inbox = sink.inbox("/business");
        let app = App::create_by(Api::at(server.url()).as_key(&key)).await;
        app.custom("business", &inbox).await;
        let made = app.post("/integrations", json!({ "type": KIND, "token": "t" })).await;
        let (path, ring) = told.lock().unwrap().remove(0);
        assert_eq!(path, "/rings");
        let home = text_at(&ring, "/home");
        assert!(home.ends_with(&format!("/hooks/{KIND}/{}", text_at(&made, "/integration/id"))), "{home}");

        let flight = json!({ "flight": "F1", "from": "Ann", "note": "Is anybody there?" });
        let request = reqwest::Client::new().post(&home).body(flight.to_string());
        let landed = request.header("x-ring", text_at(&ring, "/ring")).send().await.unwrap();
        assert_eq!(landed.status(), 200);
        let of_kind = async |kind: &str| {
            eventually(20, kind, || async { inbox.hooks().into_iter().find(|hook| hook.kind() == kind) })
                .await
        };
        let message = of_kind("conversation:message").await;
        assert_eq!(text_at(message.payload(), "/message/content/text"), "Is anybody there?");
        assert_eq!(text_at(message.payload(), "/message/source/type"), KIND);

        let path = format!("/conversations/{}/messages", conversation_of(&message));
        let body =
            json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "We are!" } });
        app.post(&path, body).await;
        let accepted = of_kind("conversation:message:delivery:channel").await;
        assert_eq!(text_at(accepted.payload(), "/externalMessages/0/id"), "F2");
        let flights = told.lock().unwrap().clone();
        assert_eq!(flights, [("/flights".to_owned(), json!({ "to": "Ann", "note": "We are!" }))]);
        server.shutdown().await;
        std::fs::remove_dir_all(place).unwrap();
    });
}
