//! From an address to a connection.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::net::TcpStream;

/// Opens connections. Only the connector calls it, with addresses that passed the guard.
pub trait Dial: Send + Sync + 'static {
    /// A connection to `address`.
    fn dial(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<TcpStream>>;
}

/// Connections over the machine's network.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpDial;

impl Dial for TcpDial {
    fn dial(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<TcpStream>> {
        async move {
            let stream = TcpStream::connect(address).await?;
            // a request is written in one piece: waiting for more only costs time
            stream.set_nodelay(true)?;
            Ok(stream)
        }
        .boxed()
    }
}

/// How long one address is tried alone before the next joins in (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);
/// How many addresses of one name are tried.
const ADDRESSES_MAX: usize = 8;

/// The first connection that comes about; the last error when none does.
pub(super) async fn dial_first(dial: &dyn Dial, addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = addresses.into_iter().take(ADDRESSES_MAX);
    let mut dialing = FuturesUnordered::new();
    let mut last_error = io::Error::new(io::ErrorKind::AddrNotAvailable, "no address to connect to");
    loop {
        if let Some(address) = waiting.next() {
            dialing.push(dial.dial(address));
        }
        let ended = if waiting.len() > 0 {
            tokio::time::timeout(HEAD_START, dialing.next()).await.ok()
        } else {
            Some(dialing.next().await)
        };
        match ended {
            Some(Some(Ok(stream))) => return Ok(stream),
            Some(Some(Err(error))) => last_error = error,
            Some(None) => return Err(last_error),
            None => {}
        }
    }
}
