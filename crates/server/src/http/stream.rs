//! A connection that closes so that its last answer arrives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

use crate::telemetry::OpenConnection;

/// How long a client may take no byte of an answer. A socket that does not keep up is given up sooner.
pub(super) const UNREAD_TIME_MAX: Duration = Duration::from_secs(60);
/// How long what a client still sends is read and thrown away.
const LINGER: Duration = Duration::from_secs(2);
/// Read at once and thrown away.
const SCRAP_BYTES: usize = 16 * 1024;

/// A TCP stream whose shutdown first says that nothing more comes, then reads what the client is
/// still sending. Closed at once, with unread bytes, the system would tear the connection down and
/// take with it the answer that says why (a body that is too large).
pub(super) struct LingeringStream {
    stream: TcpStream,
    /// Its place among the connections, for as long as it is open, whoever has it.
    _place: OwnedSemaphorePermit,
    /// A server that stops does not wait for its clients.
    stopping: CancellationToken,
    linger: Option<Pin<Box<Sleep>>>,
    /// Counted for as long as it is open, as a socket, too.
    _open: OpenConnection,
    /// How long a client may take no byte of what it is sent.
    unread_time_max: Duration,
    /// Runs while the client takes nothing.
    unread: Option<Pin<Box<Sleep>>>,
}

impl LingeringStream {
    pub(super) fn new(
        stream: TcpStream,
        place: OwnedSemaphorePermit,
        stopping: CancellationToken,
        unread_time_max: Duration,
    ) -> LingeringStream {
        let open = OpenConnection::begin();
        LingeringStream {
            stream,
            _place: place,
            stopping,
            linger: None,
            _open: open,
            unread_time_max,
            unread: None,
        }
    }

    /// Gives up a client that takes nothing for too long: it would hold its place for ever.
    fn bounded<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.unread = None;
            return written;
        }
        let time = self.unread_time_max;
        let unread = self.unread.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(unread.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")))
    }

    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scrap = [0; SCRAP_BYTES];
        loop {
            let mut scrap = ReadBuf::new(&mut scrap);
            match Pin::new(&mut self.stream).poll_read(context, &mut scrap) {
                Poll::Ready(Ok(())) if scrap.filled().is_empty() => return Poll::Ready(()),
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => break,
            }
            if self.linger.as_ref().is_some_and(|linger| linger.is_elapsed()) {
                return Poll::Ready(());
            }
        }
        let linger = self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        linger.as_mut().poll(context)
    }
}

impl AsyncRead for LingeringStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for LingeringStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        }
        if !self.stopping.is_cancelled() {
            ready!(self.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.bounded(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::sync::Semaphore;

    use super::*;

    /// A connection that gives up after a time, and its client's end.
    async fn pair(unread_time_max: Duration) -> (LingeringStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        (LingeringStream::new(stream, place, CancellationToken::new(), unread_time_max), client)
    }

    #[tokio::test]
    async fn whoever_takes_nothing_is_given_up() {
        let (mut stream, client) = pair(Duration::from_millis(50)).await;
        let piece = vec![0; 64 * 1024];
        let error = loop {
            if let Err(error) = stream.write_all(&piece).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }

    #[tokio::test]
    async fn whoever_reads_gets_everything() {
        let (mut stream, mut client) = pair(UNREAD_TIME_MAX).await;
        let sent = tokio::spawn(async move {
            stream.write_all(&vec![7; 20_000_000]).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        let mut got = Vec::new();
        client.read_to_end(&mut got).await.unwrap();
        assert_eq!(got.len(), 20_000_000);
        drop(client);
        sent.await.unwrap();
    }
}
