//! One request to a sink, and what a sink may answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use tokio::sync::watch;

/// How a sink answers one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status with an empty body.
    Status(u16),
    /// A status with headers.
    With(u16, Vec<(&'static str, String)>),
    /// Another answer, later.
    After(Duration, Box<Answer>),
    /// Another answer, once the gate is open.
    Behind(Gate, Box<Answer>),
    /// Never; the connection stays open.
    Hang,
    /// Closes the connection without an answer.
    Close,
}

impl Answer {
    /// 200 after a while.
    pub fn slow(milliseconds: u64) -> Answer {
        Answer::After(Duration::from_millis(milliseconds), Box::new(Answer::Status(200)))
    }

    /// A status once the gate is open.
    pub fn behind(gate: &Gate, status: u16) -> Answer {
        Answer::Behind(gate.clone(), Box::new(Answer::Status(status)))
    }
}

/// Keeps answers back until the test has seen what comes before them, however long that takes.
#[derive(Clone, Debug)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// A gate that nothing passes.
    pub fn shut() -> Gate {
        Gate(watch::Sender::new(false))
    }

    /// Lets everything pass from now on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it is open.
    pub(super) async fn passed(&self) {
        // The gate itself keeps its channel alive.
        let mut states = self.0.subscribe();
        let _is_open = states.wait_for(|is_open| *is_open).await;
    }
}

/// One request that came.
#[derive(Clone, Debug)]
pub struct Hook {
    /// When its body had been read.
    pub at: Instant,
    /// Requests to the same sink, this one included, that waited for an answer at that moment.
    pub open: usize,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as it came.
    pub raw: Bytes,
    /// Its body as JSON.
    pub body: Value,
}

impl Hook {
    /// Its one event.
    #[track_caller]
    pub fn event(&self) -> &Value {
        let events = self.body["events"].as_array();
        assert_eq!(events.map(Vec::len), Some(1), "one event a request is the default: {}", self.body);
        &self.body["events"][0]
    }

    /// The type of its event.
    pub fn kind(&self) -> &str {
        self.event()["type"].as_str().unwrap_or_default()
    }

    /// The id of its event.
    pub fn event_id(&self) -> &str {
        self.event()["id"].as_str().unwrap_or_default()
    }

    /// The payload of its event.
    pub fn payload(&self) -> &Value {
        &self.event()["payload"]
    }

    /// A header as text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
