//! The client: a pool of guarded connections, and one request with its limits.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connector::{Connector, GuardedTcp};
use super::dial::{Dial, TcpDial};
use super::error::{HttpError, HttpErrorKind};
use super::plan::{AnswerBody, RequestPlan, Response};
use super::resolve::{Resolve, SystemResolver};
use super::stream::HasAnswered;
use super::target::Target;

/// The largest head of an answer, and how much of a body is read at once.
const READ_BUFFER_BYTES: usize = 64 * 1024;

/// What holds for every request of a client.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Opens the guard (`CROSSPOINT_WEBHOOK_ALLOW_PRIVATE`): for tests and closed networks.
    pub allow_private: bool,
    /// For the name, TCP and TLS together.
    pub connect_timeout: Duration,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// How many unused connections are kept for one host and port.
    pub idle_per_host: usize,
    /// The header `User-Agent`.
    pub user_agent: HeaderValue,
    /// Issuers that are trusted beside those of Mozilla's list.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

impl Default for HttpConfig {
    fn default() -> HttpConfig {
        HttpConfig {
            allow_private: false,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            idle_per_host: 64,
            user_agent: HeaderValue::from_static(concat!("Crosspoint/", env!("CARGO_PKG_VERSION"))),
            extra_roots: Vec::new(),
        }
    }
}

/// A client that cannot be made: an issuer in the configuration is no certificate.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct SetupError(#[from] rustls::Error);

/// The client. Clones share its connections. It speaks HTTP/1.1, follows no redirect and knows no
/// proxy: neither a header nor the environment can lead it past the guard.
#[derive(Clone)]
pub struct HttpClient {
    pool: legacy::Client<Connector, Full<Bytes>>,
    user_agent: HeaderValue,
}

impl HttpClient {
    /// A client over the machine's network and name servers.
    pub fn new(config: HttpConfig) -> Result<HttpClient, SetupError> {
        HttpClient::with_network(config, Arc::new(SystemResolver::default()), Arc::new(TcpDial))
    }

    /// A client with another way to find addresses and to open connections, for tests. The guard
    /// stands between the two all the same.
    pub fn with_network(
        config: HttpConfig,
        resolve: Arc<dyn Resolve>,
        dial: Arc<dyn Dial>,
    ) -> Result<HttpClient, SetupError> {
        let tcp = GuardedTcp { resolve, dial, allow_private: config.allow_private };
        let https = HttpsConnector::from((tcp, tls(config.extra_roots)?));
        let pool = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(config.idle_timeout)
            .pool_max_idle_per_host(config.idle_per_host)
            .http1_max_buf_size(READ_BUFFER_BYTES)
            .build(Connector { https, timeout: config.connect_timeout });
        Ok(HttpClient { pool, user_agent: config.user_agent })
    }

    /// Sends one request and reads the answer as far as the plan allows. Every status is an answer.
    pub async fn send(&self, plan: RequestPlan) -> Result<Response, HttpError> {
        let (timeout, answer_body) = (plan.timeout, plan.answer_body);
        let mut received = Received::default();
        let ended = match tokio::time::timeout(timeout, self.exchange(plan, &mut received)).await {
            Ok(ended) => ended,
            Err(_) => Err(HttpError::new(HttpErrorKind::Timeout, "no complete answer in time")),
        };
        received.judge(ended, answer_body)
    }

    /// Fetches a file of at most `bytes_max` bytes. Errors: `TooLarge` when there is more.
    pub async fn get_limited(
        &self,
        url: Target,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Response, HttpError> {
        self.send(RequestPlan { timeout, ..RequestPlan::get(url, bytes_max) }).await
    }

    /// Fills `received` as far as it gets, so that a time-out leaves what had come.
    async fn exchange(&self, plan: RequestPlan, received: &mut Received) -> Result<(), HttpError> {
        let (bytes_max, answer_body) = (plan.response_bytes_max, plan.answer_body);
        let room = plan.room.clone();
        let (head, body) = self.request(plan).await?.into_parts();
        received.head = Some((head.status, head.headers));
        if answer_body == AnswerBody::Whole && body.size_hint().lower() > bytes_max as u64 {
            return Err(too_large());
        }
        if let Some(room) = room {
            received.make_room(room, &body, bytes_max).await;
        }
        received.read(body, bytes_max).await
    }

    async fn request(&self, plan: RequestPlan) -> Result<http::Response<Incoming>, HttpError> {
        let second = plan.repeatable.then(|| plan.clone());
        match (self.pool.request(self.http_request(plan)).await, second) {
            (Ok(answer), _) => Ok(noted(answer)),
            (Err(error), Some(plan)) if ended_while_kept(&error) => {
                let answer = self.pool.request(self.http_request(plan)).await;
                answer.map(noted).map_err(|error| HttpError::from_client(&error))
            }
            (Err(error), _) => Err(HttpError::from_client(&error)),
        }
    }

    fn http_request(&self, plan: RequestPlan) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(plan.body));
        *request.method_mut() = plan.method;
        *request.uri_mut() = plan.url.uri().clone();
        *request.headers_mut() = plan.headers;
        let headers = request.headers_mut();
        headers.entry(header::USER_AGENT).or_insert_with(|| self.user_agent.clone());
        if let Some(authorization) = plan.url.authorization() {
            headers.entry(header::AUTHORIZATION).or_insert_with(|| authorization.clone());
        }
        request
    }
}

fn tls(extra_roots: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, SetupError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra_roots {
        roots.add(root)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn too_large() -> HttpError {
    HttpError::new(HttpErrorKind::TooLarge, "the answer is longer than allowed")
}

/// Remembers on the connection that it works.
fn noted(answer: http::Response<Incoming>) -> http::Response<Incoming> {
    if let Some(has_answered) = answer.extensions().get::<HasAnswered>() {
        has_answered.note();
    }
    answer
}

/// Whether a connection that had answered before ended without an answer to this request.
fn ended_while_kept(error: &legacy::Error) -> bool {
    let mut extras = http::Extensions::new();
    if let Some(connection) = error.connect_info() {
        connection.get_extras(&mut extras);
    }
    extras.get::<HasAnswered>().is_some_and(HasAnswered::get)
        && HttpError::from_client(error).kind == HttpErrorKind::Closed
}

/// As much of an answer as has come.
#[derive(Default)]
struct Received {
    head: Option<(StatusCode, HeaderMap)>,
    body: BytesMut,
    room: Option<Arc<OwnedSemaphorePermit>>,
}

impl Received {
    /// Waits until there is room for a body, by its announced length; for the longest one without.
    async fn make_room(&mut self, room: Arc<Semaphore>, body: &Incoming, bytes_max: usize) {
        let bytes = body
            .size_hint()
            .exact()
            .map_or(bytes_max, |bytes| usize::try_from(bytes).unwrap_or(bytes_max).min(bytes_max));
        let kibibytes = u32::try_from(bytes.div_ceil(1_024)).unwrap_or(u32::MAX);
        self.room = room.acquire_many_owned(kibibytes).await.ok().map(Arc::new);
    }

    async fn read(&mut self, mut body: Incoming, bytes_max: usize) -> Result<(), HttpError> {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| HttpError::from_exchange(&error))?;
            let Ok(data) = frame.into_data() else { continue };
            let room = bytes_max.saturating_sub(self.body.len());
            if data.len() > room {
                self.body.extend_from_slice(data.get(..room).unwrap_or_default());
                return Err(too_large());
            }
            self.body.extend_from_slice(&data);
        }
        Ok(())
    }

    fn judge(self, ended: Result<(), HttpError>, wanted: AnswerBody) -> Result<Response, HttpError> {
        let truncated = ended.is_err();
        match (self.head, ended, wanted) {
            (Some((status, headers)), Ok(()), _)
            | (Some((status, headers)), Err(_), AnswerBody::Beginning) => {
                Ok(Response { status, headers, body: self.body.freeze(), truncated, room: self.room })
            }
            (_, Err(error), _) => Err(error),
            // `exchange` ends well only with a head
            (None, Ok(()), _) => Err(HttpError::new(HttpErrorKind::Closed, "no answer")),
        }
    }
}
