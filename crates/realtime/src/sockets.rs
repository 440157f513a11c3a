//! All sockets of a server: seated, counted, ended together.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Utf8Bytes, WebSocket, WebSocketUpgrade};
use hub::Hub;
use model::record::AppKey;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::bus::{Bus, Publication, Topic};
use crate::listeners::{Full, Interest, Listeners, Seat};
use crate::protocol::{Admission, Protocol};
use crate::pump;
use crate::settings::SocketSettings;

/// What is read from a connection at once, bytes. Clients say little.
const READ_BYTES: usize = 4 * 1024;
/// A frame may hold several records.
const RECORDS_IN_A_FRAME: usize = 4;

/// All sockets of a server. Clones share them.
#[derive(Clone)]
pub struct Sockets {
    inner: Arc<Inner>,
}

struct Inner {
    listeners: Listeners,
    settings: SocketSettings,
    newest: watch::Receiver<i64>,
    running: TaskTracker,
    stopping: CancellationToken,
}

/// A place among the sockets, taken before the connection has changed its protocol, so that nobody is
/// forgotten when the server stops.
pub struct SocketPlace {
    sockets: Sockets,
    _counted: TaskTrackerToken,
}

impl std::fmt::Debug for Sockets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sockets").field("open", &self.inner.running.len()).finish_non_exhaustive()
    }
}

impl Sockets {
    /// No sockets yet.
    pub fn new(hub: &Hub, settings: SocketSettings) -> Sockets {
        Sockets::with_newest(hub.outbox().newest_event(), settings)
    }

    /// The same where events are numbered by somebody else.
    #[doc(hidden)]
    pub fn with_newest(newest: watch::Receiver<i64>, settings: SocketSettings) -> Sockets {
        let (running, stopping) = (TaskTracker::new(), CancellationToken::new());
        let inner = Inner { listeners: Listeners::default(), settings, newest, running, stopping };
        Sockets { inner: Arc::new(inner) }
    }

    /// How they are kept.
    pub fn settings(&self) -> &SocketSettings {
        &self.inner.settings
    }

    /// How many sockets listen to a topic now.
    pub fn present(&self, topic: Topic) -> usize {
        self.inner.listeners.count(topic)
    }

    /// A place for a connection that is about to become a socket.
    pub fn place(&self) -> SocketPlace {
        SocketPlace { sockets: self.clone(), _counted: self.inner.running.token() }
    }

    /// Ends all: each is told that it may come again, and closed with 1001. Those that do not answer
    /// are dropped after `deadline`.
    pub async fn shutdown(&self, deadline: Duration) {
        self.inner.stopping.cancel();
        self.inner.running.close();
        if tokio::time::timeout(deadline, self.inner.running.wait()).await.is_err() {
            tracing::debug!(sockets = self.inner.running.len(), "sockets that did not close were dropped");
        }
    }

    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }

    /// Seats a socket; it hears what happens from now on.
    pub(crate) fn seat(&self, interest: Interest) -> Result<Seat, Full> {
        let since = *self.inner.newest.borrow();
        self.inner.listeners.seat(interest, since, &self.inner.settings)
    }
}

impl SocketPlace {
    /// The limits of a connection that becomes a socket.
    pub fn bound(&self, upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
        let frame_bytes_max = self.sockets.inner.settings.record_bytes_max * RECORDS_IN_A_FRAME;
        upgrade
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(0)
            .max_message_size(frame_bytes_max)
            .max_frame_size(frame_bytes_max)
    }

    /// Speaks with the client until the socket ends.
    pub async fn run(self, socket: WebSocket, protocol: impl Protocol, admission: Admission) {
        pump::run(&self.sockets, socket, protocol, admission).await;
    }
}

impl Bus for Sockets {
    fn listens_in(&self, app: AppKey) -> bool {
        self.inner.listeners.any_in(app)
    }

    fn listens(&self) -> bool {
        self.inner.listeners.any()
    }

    fn listens_to(&self, topic: Topic) -> bool {
        self.present(topic) > 0
    }

    fn publish(&self, publication: Publication) {
        self.inner.listeners.hand_out(&publication);
    }

    fn end(&self, topic: Topic) {
        self.inner.listeners.cut(topic);
    }
}

/// A record as sockets send it; it is checked once and shared by all.
pub(crate) fn record(text: String) -> Utf8Bytes {
    text.into()
}
