//! Requests of the simulator: callbacks and the fetching of media, to loopback alone.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client as Legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::{Host, Url};

/// Larger than any medium that a provider would take.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// A client that reaches loopback alone.
#[derive(Clone)]
pub(crate) struct Client(Legacy<HttpConnector, Full<Bytes>>);

/// A request that goes out.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) fn new() -> Client {
        Client(Legacy::builder(TokioExecutor::new()).build_http())
    }

    /// Sends and reads the whole answer; the error is a text for the transcript.
    pub(crate) async fn send(&self, request: &Outgoing, timeout: Duration) -> Result<Answer, String> {
        if !reaches_loopback(&request.url) {
            return Err("the simulator calls plain http on loopback only".to_owned());
        }
        let without_fragment = request.url.split('#').next().unwrap_or_default();
        let mut built = Request::builder().method(&request.method).uri(without_fragment);
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        let built = built.body(Full::new(request.body.clone())).map_err(|error| error.to_string())?;
        let exchange = async {
            let answer = self.0.request(built).await.map_err(|error| format!("no connection: {error}"))?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_MAX).collect().await.map_err(|error| error.to_string())?;
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() })
        };
        match tokio::time::timeout(timeout, exchange).await {
            Ok(done) => done,
            Err(_) => Err(format!("no answer within {} ms", timeout.as_millis())),
        }
    }

    pub(crate) async fn get(&self, url: &str, timeout: Duration) -> Result<Answer, String> {
        let request =
            Outgoing { method: Method::GET, url: url.to_owned(), headers: Vec::new(), body: Bytes::new() };
        self.send(&request, timeout).await
    }
}

/// Whether an address is plain http on this machine.
pub(crate) fn reaches_loopback(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && local
}

/// Whether a text is an address that a provider takes: https, or plain http on this machine.
pub(crate) fn is_web_address(url: &str) -> bool {
    let Ok(parsed) = Url::parse(url) else { return false };
    parsed.host().is_some() && (parsed.scheme() == "https" || reaches_loopback(url))
}
