//! A server that gives scripted answers and keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Response, Uri};
use crosspoint_client::{Client, Credentials, Retry};

/// What a request looked like.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A server on loopback.
#[derive(Clone)]
pub struct Fake {
    pub base: String,
    script: Arc<Mutex<VecDeque<Response<Body>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// An answer with JSON.
pub fn json(status: u16, body: &str) -> Response<Body> {
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.header("x-request-id", "r-1").body(Body::from(body.to_owned())).unwrap()
}

/// A refusal with a header.
pub fn refusal(status: u16, header: &str, value: &str) -> Response<Body> {
    let mut answer = json(status, r#"{"errors":[{"code":"busy","title":"Not now"}]}"#);
    let name: axum::http::HeaderName = header.parse().unwrap();
    answer.headers_mut().insert(name, value.parse().unwrap());
    answer
}

impl Fake {
    /// A server that gives these answers, one a request, and 500 afterwards.
    pub async fn start(script: impl IntoIterator<Item = Response<Body>>) -> Fake {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(script.into_iter().collect()));
        let fake = Fake { base, script, asked: Arc::default() };
        let answering = fake.clone();
        let router = Router::new().fallback(move |method, uri, headers, body| {
            let fake = answering.clone();
            async move { fake.answer(Asked { method, uri, headers, body }) }
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, router.clone()));
            }
        });
        fake
    }

    fn answer(&self, asked: Asked) -> Response<Body> {
        self.asked.lock().unwrap().push(asked);
        let next = self.script.lock().unwrap().pop_front();
        next.unwrap_or_else(|| json(500, r#"{"errors":[{"code":"internal_error","title":"nothing left"}]}"#))
    }

    /// What came.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// A client with a key and short pauses.
    pub fn client(&self) -> Client {
        self.with(Credentials::basic("act_1", "secret"))
    }

    /// A client without credentials.
    pub fn nobody(&self) -> Client {
        self.with(Credentials::None)
    }

    /// A client with these credentials and short pauses.
    pub fn with(&self, credentials: Credentials) -> Client {
        let retry = Retry { pause: Duration::from_millis(1), ..Retry::default() };
        Client::builder(&self.base).credentials(credentials).retry(retry).build().unwrap()
    }
}

pub async fn serve(stream: tokio::net::TcpStream, service: Router) {
    let io = hyper_util::rt::TokioIo::new(stream);
    let service = hyper_util::service::TowerToHyperService::new(service);
    let _gone = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
}
