//! The floor of fan-out: a server that hands whatever is posted to every open WebSocket, and does
//! nothing else.

use std::io;
use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tokio::sync::broadcast;

/// Messages that may wait for a slow client.
const WAITING_MAX: usize = 256;

/// Serves until it is killed; its address stands in `url` in the folder.
pub async fn serve(folder: &Path) -> io::Result<()> {
    let (told, _) = broadcast::channel::<Utf8Bytes>(WAITING_MAX);
    let router = Router::new().route("/socket", get(socket)).route("/tell", post(tell)).with_state(told);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    std::fs::write(folder.join("url"), format!("http://{}", listener.local_addr()?))?;
    let listener = listener.tap_io(|stream| {
        let _slower_without = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

async fn tell(State(told): State<broadcast::Sender<Utf8Bytes>>, body: String) {
    let _nobody_may_listen = told.send(body.into());
}

async fn socket(State(told): State<broadcast::Sender<Utf8Bytes>>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.read_buffer_size(4 * 1024).write_buffer_size(0);
    upgrade.on_upgrade(move |socket| hand_out(socket, told.subscribe()))
}

async fn hand_out(mut socket: WebSocket, mut told: broadcast::Receiver<Utf8Bytes>) {
    while let Ok(text) = told.recv().await {
        if socket.send(Message::Text(text)).await.is_err() {
            return;
        }
    }
}
