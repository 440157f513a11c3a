//! A request's body with a limit on how slowly it may come.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a body may take when it hardly has any bytes.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Each of these bytes earns [`TIME_PER_PIECE`] more, so that a large upload over a slow line ends
/// well and one byte after another does not.
const PIECE_BYTES: u64 = 64 * 1024;
const TIME_PER_PIECE: Duration = Duration::from_secs(2);

/// A body that fails when it comes too slowly.
pub(super) struct TimedBody {
    incoming: Incoming,
    began: Instant,
    bytes: u64,
    /// Made when the body first has to be waited for.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl TimedBody {
    pub(super) fn new(incoming: Incoming) -> TimedBody {
        TimedBody { incoming, began: Instant::now(), bytes: 0, deadline: None }
    }

    fn end(&self) -> Instant {
        let pieces = u32::try_from(self.bytes / PIECE_BYTES).unwrap_or(u32::MAX);
        self.began + TIME_MAX + TIME_PER_PIECE.saturating_mul(pieces)
    }

    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let end = self.end();
            let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep_until(end)));
            std::task::ready!(deadline.as_mut().poll(context));
            // Bytes that came meanwhile have moved the end.
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            deadline.as_mut().reset(end);
        }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match Pin::new(&mut self.incoming).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(std::io::Error::other(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                std::task::ready!(self.poll_deadline(context));
                Poll::Ready(Some(Err(std::io::ErrorKind::TimedOut.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
