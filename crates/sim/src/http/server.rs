//! The listener: one connection a task, requests read whole, answers given or withheld.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming as Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::incoming::Incoming;
use super::reply::Reply;

/// Larger than anything that a provider takes.
const BODY_MAX: usize = 64 * 1024 * 1024;

/// How a request ends.
pub(crate) enum Ending {
    Answer(Reply),
    /// The connection is closed without an answer.
    Close,
}

/// Serves until it is dropped; open connections end with it.
pub(crate) async fn serve<H, F>(listener: TcpListener, handle: H)
where
    H: Fn(Incoming) -> F + Send + Sync + 'static,
    F: Future<Output = Ending> + Send + 'static,
{
    let handle = Arc::new(handle);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _peer)) = accepted else { continue };
                let _fails_only_on_dead_sockets = stream.set_nodelay(true);
                let handle = Arc::clone(&handle);
                connections.spawn(async move {
                    let service = service_fn(move |request| answer(request, Arc::clone(&handle)));
                    // A peer that goes away is no error of ours.
                    let _gone = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

async fn answer<H, F>(request: Request<Body>, handle: Arc<H>) -> Result<Response<Full<Bytes>>, Withheld>
where
    H: Fn(Incoming) -> F,
    F: Future<Output = Ending>,
{
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_MAX).collect().await.map_err(|_| Withheld)?.to_bytes();
    match handle(Incoming::new(&parts, body)).await {
        Ending::Close => Err(Withheld),
        Ending::Answer(reply) => {
            let mut response = Response::builder().status(reply.status);
            for (name, value) in reply.headers {
                response = response.header(name, value);
            }
            response.body(Full::new(reply.body)).map_err(|_| Withheld)
        }
    }
}

/// Makes hyper close the connection.
#[derive(Debug, thiserror::Error)]
#[error("no answer is given")]
struct Withheld;

/// Whether an address is this machine's own.
pub(crate) fn is_loopback(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}
