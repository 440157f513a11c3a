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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::front::Front;
use super::stream::{LingeringStream, UNREAD_TIME_MAX};
use crate::config::ListenAddress;
use crate::exit::{Failure, Result};
use crate::server::Stopping;

/// How long the head of a request may take, and how long an idle connection is kept. Longer than
/// the minute after which proxies give an idle connection up, so that they do so first.
const HEAD_TIME_MAX: Duration = Duration::from_secs(75);
/// Largest head of a request; more is answered with 431.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Pause after an accept that failed, for example because there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections that are open at the same time, at most, where nobody decides otherwise.
const CONNECTIONS_MAX: usize = 10_000;
/// Files that are left for the store, for what goes out, and for whoever watches.
const FILES_KEPT: usize = 256;
/// Open files that a process may have where it cannot be told.
const FILES_USUAL: usize = 1_024;

/// Connections that may be open at the same time: fewer than the process may have open files, since a
/// server without files can neither answer nor deliver.
pub(crate) fn connections_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    connections_of(&limits)
}

/// The same by the limits of a process as Linux writes them.
fn connections_of(limits: &str) -> usize {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    let files = match soft {
        Some("unlimited") => usize::MAX,
        Some(number) => number.parse().unwrap_or(FILES_USUAL),
        None => FILES_USUAL,
    };
    files.saturating_sub(FILES_KEPT).clamp(files.min(FILES_KEPT) / 2, CONNECTIONS_MAX)
}

/// Takes the address that this option of the command line has given.
///
/// # Errors
/// Refused: it is in use, or not of this machine.
pub async fn bind(address: &ListenAddress, flag: &str) -> Result<TcpListener> {
    TcpListener::bind(address.to_string()).await.map_err(|error| cannot_listen(address, flag, &error))
}

/// An address that cannot be taken, and what to do about it.
pub(crate) fn cannot_listen(address: impl std::fmt::Display, flag: &str, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("another program listens there; end it, or choose another port with {flag}")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine does not have the address; choose one that it has with {flag}")
        }
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 are for root; choose another with {flag}, and let a proxy lead there")
        }
        _ => format!("choose another with {flag}"),
    };
    Failure::refused(format!("listening on {address}: {error}: {advice}"))
}

/// Serves connections until it is time to stop, as many at the same time as there are `places`. Those beyond
/// wait in the system's queue until one ends.
pub(crate) async fn serve(
    listener: &TcpListener,
    front: Arc<Front>,
    stopping: Stopping,
    places: Arc<Semaphore>,
) {
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            let (stream, _) = listener.accept().await?;
            io::Result::Ok((stream, place))
        };
        let accepted = tokio::select! {
            biased;
            () = stopping.soon.cancelled() => return,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, place)) => {
                stopping.running.spawn(connection(stream, place, front.clone(), stopping.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, place: OwnedSemaphorePermit, front: Arc<Front>, stopping: Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection without TCP_NODELAY");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move { Ok::<_, Infallible>(front.answer(request).await) }
    });
    let stream = TokioIo::new(LingeringStream::new(stream, place, stopping.soon.clone(), UNREAD_TIME_MAX));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_listen_is_told_which_option_to_change() {
        use io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
        for (kind, said) in [
            (AddrInUse, "another program"),
            (AddrNotAvailable, "does not have the address"),
            (PermissionDenied, "below 1024"),
        ] {
            let text = cannot_listen("127.0.0.1:1", "--admin-listen", &kind.into()).to_string();
            assert!(text.contains("127.0.0.1:1") && text.contains(said), "{text}");
            assert!(text.contains("--admin-listen"), "{text}");
        }
    }

    #[test]
    fn connections_leave_files_for_everything_else() {
        let limits = |files: &str| {
            format!(
                "Limit  Soft Limit  Hard Limit  Units\nMax open files            {files}     524288     files\n"
            )
        };
        for (files, connections) in [("1024", 768), ("524288", 10_000), ("unlimited", 10_000), ("200", 100)] {
            assert_eq!(connections_of(&limits(files)), connections, "{files}");
        }
        assert_eq!(connections_of(""), 768);
        assert!(connections_max() > 0);
    }
}
