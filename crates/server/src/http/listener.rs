//! Accepting connections and ending them.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::front::Front;
use super::stream::LingeringStream;
use crate::config::ListenAddress;
use crate::exit::{Failure, Result};
use crate::server::Stopping;
use crate::telemetry::OpenConnection;

/// How long the head of a request may take, and how long an idle connection is kept. Longer than
/// the minute after which proxies give an idle connection up, so that they do so first.
const HEAD_TIME_MAX: Duration = Duration::from_secs(75);
/// Largest head of a request; more is answered with 431.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Pause after an accept that failed, for example because there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes an address.
///
/// # Errors
/// Refused: it is in use, or not of this machine.
pub async fn bind(address: &ListenAddress) -> Result<TcpListener> {
    TcpListener::bind(address.to_string()).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => "; another program listens there, choose another with --listen",
            _ => "",
        };
        Failure::refused(format!("listening on {address}: {error}{advice}"))
    })
}

/// Serves connections until it is time to stop.
pub(crate) async fn serve(listener: &TcpListener, front: Arc<Front>, stopping: Stopping) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopping.soon.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                stopping.running.spawn(connection(stream, front.clone(), stopping.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, front: Arc<Front>, stopping: Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection without TCP_NODELAY");
    }
    let _open = OpenConnection::begin();
    let service = service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move { Ok::<_, Infallible>(front.answer(request).await) }
    });
    let stream = TokioIo::new(LingeringStream::new(stream, stopping.soon.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(stream, service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stopping.soon.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection.as_mut() => ended,
                () = stopping.now.cancelled() => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
