//! Opens guarded connections for the pool: name → addresses → guard → TCP → TLS.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt as _};
use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use tower_service::Service;

use super::dial::{Dial, dial_first};
use super::error::{HttpError, HttpErrorKind};
use super::guard;
use super::resolve::Resolve;
use super::stream::GuardedStream;

/// Plain connections to addresses that passed the guard. There is no other way to a connection, and
/// the pool only holds what came from here.
#[derive(Clone)]
pub(super) struct GuardedTcp {
    pub(super) resolve: Arc<dyn Resolve>,
    pub(super) dial: Arc<dyn Dial>,
    pub(super) allow_private: bool,
}

impl GuardedTcp {
    async fn connect(self, uri: Uri) -> Result<GuardedStream, HttpError> {
        let host = uri.host().ok_or_else(|| HttpError::new(HttpErrorKind::BadUrl, "without a host"))?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let addresses = self.admit(host, self.addresses_of(host).await?)?;
        let sockets = addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect();
        match dial_first(self.dial.as_ref(), sockets).await {
            Ok(tcp) => Ok(GuardedStream::new(tcp)),
            Err(error) => Err(HttpError::new(HttpErrorKind::Connect, error.to_string())),
        }
    }

    /// What the host spells or, for a name, what the resolver says; at least one address.
    async fn addresses_of(&self, host: &str) -> Result<Vec<IpAddr>, HttpError> {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        if let Ok(literal) = bare.parse() {
            return Ok(vec![literal]);
        }
        match self.resolve.resolve(host).await {
            Ok(addresses) if addresses.is_empty() => {
                Err(HttpError::new(HttpErrorKind::Dns, "the name has no address"))
            }
            Ok(addresses) => Ok(addresses),
            Err(error) => Err(HttpError::new(HttpErrorKind::Dns, error.to_string())),
        }
    }

    fn admit(&self, host: &str, addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, HttpError> {
        if self.allow_private {
            return Ok(addresses);
        }
        guard::admit(addresses).map_err(|reason| {
            tracing::debug!(host, %reason, "outbound request refused by the guard");
            HttpError::refused(reason)
        })
    }
}

impl Service<Uri> for GuardedTcp {
    type Response = GuardedStream;
    type Error = HttpError;
    type Future = BoxFuture<'static, Result<GuardedStream, HttpError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), HttpError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        self.clone().connect(uri).boxed()
    }
}

/// [`GuardedTcp`] with TLS where the URL wants it, all within the time for connecting.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) https: HttpsConnector<GuardedTcp>,
    pub(super) timeout: Duration,
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<GuardedStream>;
    type Error = HttpError;
    type Future = BoxFuture<'static, Result<Self::Response, HttpError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), HttpError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.https.call(uri);
        let timeout = self.timeout;
        async move {
            match tokio::time::timeout(timeout, connecting).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(error)) => Err(of_layer(error)),
                Err(_) => Err(HttpError::new(HttpErrorKind::Connect, "no connection in time")),
            }
        }
        .boxed()
    }
}

/// What is not an error of ours comes from the TLS layer above.
fn of_layer(error: Box<dyn std::error::Error + Send + Sync>) -> HttpError {
    match error.downcast::<HttpError>() {
        Ok(ours) => *ours,
        Err(theirs) => HttpError::new(HttpErrorKind::Tls, theirs.to_string()),
    }
}
