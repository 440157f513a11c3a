//! A server on the loopback that says byte for byte what a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the sink does with a request.
pub(crate) enum Reply {
    /// Writes this and waits for the next request.
    Keep(Vec<u8>),
    /// Writes this and closes the connection.
    Close(Vec<u8>),
    /// Writes this and does nothing more.
    Stall(Vec<u8>),
}

impl Reply {
    pub(crate) fn ok(body: &str) -> Reply {
        Reply::Keep(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into())
    }

    pub(crate) fn head(head: &str) -> Reply {
        Reply::Keep(format!("{head}\r\n\r\n").into())
    }
}

/// One request as it came, with the numbers (from 1) of its connection and of itself on it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) connection: usize,
    pub(crate) request: usize,
    pub(crate) text: String,
}

type Script = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
}

impl Sink {
    pub(crate) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Sink {
        Sink::start_with(None, script).await
    }

    pub(crate) async fn start_with(
        tls: Option<TlsAcceptor>,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Sink {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (seen, connections) = (Arc::clone(&sink.seen), Arc::clone(&sink.connections));
        let script: Script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = {
                    let mut connections = connections.lock().unwrap();
                    *connections += 1;
                    *connections
                };
                let (seen, script, tls) = (Arc::clone(&seen), Arc::clone(&script), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, connection, seen, script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, connection, seen, script).await;
                            }
                        }
                    }
                });
            }
        });
        sink
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Script,
) {
    for request in 1.. {
        let Some(text) = read_request(&mut stream).await else { return };
        let this = Seen { connection, request, text };
        seen.lock().unwrap().push(this.clone());
        let (bytes, stall, close) = match script(&this) {
            Reply::Keep(bytes) => (bytes, false, false),
            Reply::Close(bytes) => (bytes, false, true),
            Reply::Stall(bytes) => (bytes, true, false),
        };
        // the client may have had enough
        if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
            return;
        }
        if stall {
            futures::future::pending::<()>().await;
        }
        if close {
            stream.shutdown().await.ok();
            return;
        }
    }
}

/// The next request; `None` when the connection ended.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length: usize = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
        if body.len() >= length {
            return Some(text.into_owned());
        }
    }
}
