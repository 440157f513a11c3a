//! A local receiver of webhooks: records what came, in order, and answers as scripted.

mod hook;

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub use hook::{Answer, Gate, Hook};

use crate::contract::Contract;
use crate::run::{PATIENCE, runtime};

/// A receiver on a free port of 127.0.0.1 with any number of inboxes, one a path.
pub struct Sink {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    inboxes: Mutex<HashMap<String, Arc<Mutex<Content>>>>,
    arrived: Notify,
    complaints: Mutex<Vec<String>>,
}

/// What belongs to one path.
#[derive(Default)]
struct Content {
    hooks: Vec<Hook>,
    script: VecDeque<Answer>,
    otherwise: Option<Answer>,
    unchecked: bool,
    open: usize,
    refusals: Option<Refusals>,
}

/// Which requests are refused, each event's first at most.
struct Refusals {
    every: usize,
    told: HashSet<String>,
}

impl Refusals {
    /// Whether this request, which is so many behind the first, is refused.
    fn refuse(&mut self, number: usize, headers: &HeaderMap) -> bool {
        let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        self.told.insert(id.to_owned()) && number.is_multiple_of(self.every)
    }
}

/// One path of a sink.
#[derive(Clone)]
pub struct Inbox {
    url: String,
    path: String,
    state: Arc<State>,
    content: Arc<Mutex<Content>>,
}

impl Sink {
    /// Starts to listen. It answers 200 until told otherwise, and listens until the process ends, so
    /// that a server that drains still finds it.
    pub async fn start() -> Sink {
        let listener = runtime().spawn(TcpListener::bind("127.0.0.1:0")).await;
        let listener = listener.expect("no panic in bind").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let state = Arc::new(State::default());
        runtime().spawn(accept(listener, state.clone()));
        Sink { address, state }
    }

    /// The inbox of a path such as `/bot`.
    pub fn inbox(&self, path: &str) -> Inbox {
        Inbox {
            url: format!("http://{}{path}", self.address),
            path: path.to_owned(),
            state: self.state.clone(),
            content: self.state.content(path),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let complaints = self.state.complaints.lock().expect("no panic while held");
            assert!(complaints.is_empty(), "webhooks that break the contract:\n{}", complaints.join("\n"));
        }
    }
}

impl Inbox {
    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next answers, one each; afterwards what [`Inbox::otherwise`] says, at first 200.
    pub fn script(&self, answers: impl IntoIterator<Item = Answer>) {
        self.content.lock().expect("no panic while held").script.extend(answers);
    }

    /// The answer when no script is left.
    pub fn otherwise(&self, answer: Answer) {
        self.content.lock().expect("no panic while held").otherwise = Some(answer);
    }

    /// Refuses every so many-th request with 500, but no event twice, so that none is given up.
    pub fn refuse_every(&self, every: usize) {
        let refusals = Refusals { every, told: HashSet::new() };
        self.content.lock().expect("no panic while held").refusals = Some(refusals);
    }

    /// What comes here is no webhook of Sunshine's form and is not compared.
    pub fn unchecked(&self) {
        self.content.lock().expect("no panic while held").unchecked = true;
    }

    /// What came so far.
    pub fn hooks(&self) -> Vec<Hook> {
        self.content.lock().expect("no panic while held").hooks.clone()
    }

    /// The types of the events that came so far.
    pub fn kinds(&self) -> Vec<String> {
        self.hooks().iter().map(|hook| hook.kind().to_owned()).collect()
    }

    /// Forgets what came so far.
    pub fn clear(&self) {
        self.content.lock().expect("no panic while held").hooks.clear();
    }

    /// Waits until at least `count` requests came, at most [`PATIENCE`] times 15 s, and gives them all.
    pub async fn wait_for(&self, count: usize) -> Vec<Hook> {
        self.wait_within(Duration::from_secs(15), count).await
    }

    /// Waits until at least `count` requests came and gives them all; panics when [`PATIENCE`] times `time`
    /// is over.
    pub async fn wait_within(&self, time: Duration, count: usize) -> Vec<Hook> {
        let time = time.saturating_mul(PATIENCE);
        let end = Instant::now() + time;
        loop {
            let arrival = self.state.arrived.notified();
            let hooks = self.hooks();
            if hooks.len() >= count {
                return hooks;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{} got {:?} and not {count} requests in {time:?}",
                self.path,
                self.kinds()
            );
            let _ = tokio::time::timeout(left, arrival).await;
        }
    }

    /// Waits until exactly `count` requests are there and asserts that within `milliseconds` no
    /// further one comes.
    pub async fn settles_at(&self, count: usize, milliseconds: u64) -> Vec<Hook> {
        self.wait_for(count).await;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        let hooks = self.hooks();
        assert_eq!(hooks.len(), count, "{} got {:?}", self.path, self.kinds());
        hooks
    }
}

impl State {
    fn content(&self, path: &str) -> Arc<Mutex<Content>> {
        self.inboxes.lock().expect("no panic while held").entry(path.to_owned()).or_default().clone()
    }

    fn check(&self, path: &str, body: &Value) {
        let checked = Contract::shared().check_hook(body);
        if let Err(complaint) = checked {
            self.complaints.lock().expect("no panic while held").push(format!("{path}: {complaint}"));
        }
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, state.clone()))),
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = state.clone();
        async move { receive(request, &state).await }
    });
    // An error here is a connection that one side closed, which scripts do on purpose.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Counts a request as open until it is answered or its connection is dropped.
struct Open(Arc<Mutex<Content>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.lock().expect("no panic while held").open -= 1;
    }
}

async fn receive(request: Request<Incoming>, state: &State) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let raw = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    let body: Value = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    let content = state.content(&path);
    if !content.lock().expect("no panic while held").unchecked {
        state.check(&path, &body);
    }
    let (answer, _open) = {
        let mut inbox = content.lock().expect("no panic while held");
        inbox.open += 1;
        let (open, number) = (inbox.open, inbox.hooks.len());
        let is_refused =
            inbox.refusals.as_mut().is_some_and(|refusals| refusals.refuse(number, &parts.headers));
        inbox.hooks.push(Hook { at: Instant::now(), open, headers: parts.headers, raw, body });
        let refused = is_refused.then_some(Answer::Status(500));
        let next = refused.or_else(|| inbox.script.pop_front()).or_else(|| inbox.otherwise.clone());
        (next.unwrap_or(Answer::Status(200)), Open(content.clone()))
    };
    state.arrived.notify_waiters();
    answer_with(answer).await
}

async fn answer_with(mut answer: Answer) -> Result<Response<Full<Bytes>>, std::io::Error> {
    loop {
        match answer {
            Answer::Status(status) => answer = Answer::With(status, Vec::new()),
            Answer::With(status, headers) => {
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                return response.body(Full::default()).map_err(std::io::Error::other);
            }
            Answer::After(time, next) => {
                tokio::time::sleep(time).await;
                answer = *next;
            }
            Answer::Behind(gate, next) => {
                gate.passed().await;
                answer = *next;
            }
            Answer::Hang => match std::future::pending::<Infallible>().await {},
            Answer::Close => return Err(std::io::Error::other("closed on purpose")),
        }
    }
}

#[cfg(test)]
mod tests;
