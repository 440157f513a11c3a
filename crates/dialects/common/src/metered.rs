//! A body that is counted while a form is read from it, before anything keeps its bytes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::{Stream, StreamExt};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Why a body is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cut {
    /// It has more bytes than it may have.
    #[error("the body is too large")]
    Whole,
    /// More bytes came than were expected where it was read.
    #[error("the body has no part here")]
    Frame,
}

/// A body with its limits. The lock is never waited for: whoever holds the form reads alone.
pub(crate) struct Metered(Mutex<State>);

struct State {
    body: BodyDataStream,
    /// Bytes that may still come.
    left: u64,
    /// Bytes that may still come before something else is expected.
    expected: u64,
    /// Whether a piece was handed out since the reader was last told to wait.
    pauses: bool,
}

impl Metered {
    /// A body of at most `bytes_max` bytes.
    pub(crate) fn new(body: Body, bytes_max: u64) -> Metered {
        let body = body.into_data_stream();
        Metered(Mutex::new(State { body, left: bytes_max, expected: u64::MAX, pauses: false }))
    }

    /// From here on at most about `bytes` may come: the piece that passes the limit is still handed out.
    pub(crate) fn expect_at_most(&self, bytes: u64) {
        self.state().expected = bytes;
    }

    /// From here on only the limit of the whole counts.
    pub(crate) fn expect_anything(&self) {
        self.state().expected = u64::MAX;
    }

    /// Its pieces, up to the limits. Between two pieces the reader is let go once, since multer takes all
    /// that is ready into memory before it looks at any of it.
    pub(crate) fn pieces(this: &Arc<Metered>) -> impl Stream<Item = Result<Bytes, Error>> + Send + use<> {
        let this = this.clone();
        futures::stream::poll_fn(move |context| this.state().next(context))
    }

    /// What nobody has read of it, whatever the limits say.
    pub(crate) fn rest(
        this: &Arc<Metered>,
    ) -> impl Stream<Item = Result<Bytes, axum::Error>> + Unpin + use<> {
        let this = this.clone();
        futures::stream::poll_fn(move |context| this.state().body.poll_next_unpin(context))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if std::mem::take(&mut self.pauses) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.expected == 0 {
            return Poll::Ready(Some(Err(Cut::Frame.into())));
        }
        let Some(piece) = futures::ready!(Pin::new(&mut self.body).poll_next(context)) else {
            return Poll::Ready(None);
        };
        let piece = piece?;
        let bytes = piece.len() as u64;
        let Some(left) = self.left.checked_sub(bytes) else {
            return Poll::Ready(Some(Err(Cut::Whole.into())));
        };
        self.left = left;
        self.expected = self.expected.saturating_sub(bytes);
        self.pauses = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
