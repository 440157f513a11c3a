//! Bodies that are read late, or refused before they were read.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::time::timeout;

/// How long is waited for more of a refused body.
const WAIT: Duration = Duration::from_millis(500);
/// How long it is read at all.
const TIME_MAX: Duration = Duration::from_secs(10);

/// Reads the rest of a body that is refused, at most `bytes_max`. A connection that is closed with bytes
/// unread is reset, and the answer may be lost with it.
pub async fn drain<E>(pieces: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin), bytes_max: u64) {
    let read = async {
        let mut bytes_left = bytes_max;
        while let Ok(Some(Ok(piece))) = timeout(WAIT, pieces.next()).await {
            let Some(left) = bytes_left.checked_sub(piece.len() as u64) else { return };
            bytes_left = left;
        }
    };
    // Over or not, the refusal is sent now.
    let _enough = timeout(TIME_MAX, read).await;
}

/// A body that is still to be read, by whoever takes it first. The lock is never waited for: it only
/// lets calls be shared between threads, which bodies by themselves do not allow.
#[derive(Default)]
pub struct Unread(Mutex<Option<Body>>);

impl Unread {
    /// A body to be read.
    pub fn new(body: Body) -> Unread {
        Unread(Mutex::new(Some(body)))
    }

    /// Whether there is a body to be read.
    pub fn is_some(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The body; empty for one that was taken before, or never was.
    pub fn take(&self) -> Body {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.unwrap_or_else(Body::empty)
    }
}
