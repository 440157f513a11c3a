//! A running server: how its parts are put together, and in which order they end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::channels::Channel;
use delivery::http::{HttpClient, HttpConfig};
use delivery::{
    ChannelConversions, ChannelProvisioner, ChannelSet, ChannelSettings, Farewells, Followers, MediaFetcher,
    WebhookConfig, Webhooks,
};
use dialect_exotel::{ExotelConfig, NoticeRenderer};
use dialect_hubster::{HubsterConfig, HubsterRenderer, SignalrRenderer};
use dialect_sunshine::{SunshineConfig, SunshineRenderer};
use futures::FutureExt as _;
use hub::outbox::{EventRenderer, SocketRenderer};
use hub::{Hub, Limiter, RateLimit, Settings};
use model::Clock;
use model::time::DAY_MS;
use realtime::{SocketSettings, Sockets, feed};
use store::{Options, Store};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::attachments;
use crate::background::Background;
use crate::config::{Config, ListenAddress, ListenConfig};
use crate::control::{Admin, NewKey, Socket};
use crate::data_dir::{DataDir, Lock, SealingKey};
use crate::exit::{Failure, Result};
use crate::http::{
    Dialects, Front, Hooks, Shared, admin_routes, bind, connections_max, operations, routes, serve,
};
use crate::telemetry::{Exporter, Gauges, RequestMetrics, WebhooksHandle};

/// Requests and deliveries that run longer after the signal to stop are dropped (decision 55).
const DRAIN_TIME_MAX: Duration = Duration::from_secs(8);
/// Sockets that have not answered their close by then are dropped.
const SOCKETS_TIME_MAX: Duration = Duration::from_secs(3);
/// The rest of the ten seconds in which the program ends.
const CLOSE_TIME_MAX: Duration = Duration::from_millis(1_500);
/// The pause before providers are told our new address again; it doubles up to the second one.
const REGISTER_PAUSE: Duration = Duration::from_secs(30);
const REGISTER_PAUSE_MAX: Duration = Duration::from_secs(3_600);

/// Connections of whoever watches the server, at an address of their own.
const ADMIN_CONNECTIONS_MAX: usize = 64;

/// Starts servers.
pub struct Server;

/// A server that runs. Stop it with [`RunningServer::shutdown`]; one that is only dropped goes on.
pub struct RunningServer {
    hub: Hub,
    store: Store,
    dir: DataDir,
    url: String,
    public_url: String,
    admin_url: Option<String>,
    new_key: Option<NewKey>,
    webhooks: WebhooksHandle,
    sockets: Sockets,
    stopping: Stopping,
    background: Background,
    _lock: Lock,
}

/// How connections are told to end, and awaited.
#[derive(Clone, Default)]
pub(crate) struct Stopping {
    /// No new connections and requests; what runs may end.
    pub(crate) soon: CancellationToken,
    /// Whatever still runs is dropped.
    pub(crate) now: CancellationToken,
    /// Every connection.
    pub(crate) running: TaskTracker,
}

/// What the hub needs to know of the configuration.
pub(crate) fn hub_settings(config: &Config, public_url: &str) -> Settings {
    Settings {
        public_url: public_url.to_owned(),
        allow_private_targets: config.delivery.webhook_allow_private,
        event_retention_ms: i64::from(config.store.event_retention_days) * DAY_MS,
        key_secrets_readable: config.api.key_secrets_readable,
        author_roles_shown: config.api.emit_author_subtypes,
    }
}

/// One limit for a key over all dialects.
fn limiter(config: &Config) -> Limiter {
    let rate = config.limits.rate_limit_per_second.map(|per_second| RateLimit {
        per_second,
        burst: config.limits.rate_limit_burst.unwrap_or(per_second),
    });
    Limiter::new(rate)
}

/// What the hub asks of channels.
fn use_channels(hub: &Hub, config: &Config, speaking: &ChannelSet) {
    hub.use_previewer(Arc::new(speaking.clone()));
    hub.lend_settings(config.channels.lent());
    hub.use_conversion_reporter(Arc::new(ChannelConversions::new(speaking.clone())));
    let provisioner = ChannelProvisioner::new(speaking.clone(), config.delivery.webhook_retry_base_ms);
    hub.use_provisioner(Arc::new(provisioner.with_slack(config.channels.slack())));
}

fn dialects(config: &Config) -> Dialects {
    let limiter = limiter(config);
    Dialects {
        sunshine: SunshineConfig { limiter: limiter.clone() },
        hubster: HubsterConfig { limiter: limiter.clone() },
        exotel: ExotelConfig { limiter, customer_registration: config.api.customer_registration },
    }
}

/// The addresses that are taken, with their base URLs.
struct Listeners {
    api: (String, TcpListener),
    admin: Option<(String, TcpListener)>,
}

impl Listeners {
    async fn bind(config: &ListenConfig) -> Result<Listeners> {
        let bind = async |address: &ListenAddress, flag: &str| {
            let listener = bind(address, flag).await?;
            let actual =
                listener.local_addr().map_err(|error| Failure::failed(format!("listening: {error}")))?;
            Ok::<_, Failure>((address.base_url(actual), listener))
        };
        let admin = match &config.admin_listen {
            Some(address) => Some(bind(address, "--admin-listen").await?),
            None => None,
        };
        Ok(Listeners { api: bind(&config.listen, "--listen").await?, admin })
    }
}

impl Server {
    /// Starts a server; it serves when this returns. The clock is the machine's but in tests of days.
    ///
    /// # Errors
    /// Refused: another server in the data directory, a port in use, a store of a newer version, a
    /// sealing key that is missing or another, a bucket that cannot be used. Failed: the machine.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<RunningServer> {
        Server::start_with(config, clock, ::channels::all()).await
    }

    /// The same with other channels than those of this program, for tests of channels.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_with(
        config: Config,
        clock: Arc<dyn Clock>,
        connected: &[&'static dyn Channel],
    ) -> Result<RunningServer> {
        let dir = DataDir::new(&config.store.data_dir);
        dir.create()?;
        let lock = dir.lock()?;
        dir.check_restored()?;
        dir.remove_backup_copies();
        let files = attachments::open(&config, &dir).await?;
        let Listeners { api: (url, listener), admin } = Listeners::bind(&config.listen).await?;
        let public_url =
            config.listen.public_url.as_ref().map_or_else(|| url.clone(), |url| url.as_str().to_owned());

        let key = SealingKey::find_or_make(config.store.sealing_key.as_ref(), &dir)?;
        let exporter = Exporter::install()?;
        let store = Store::open(store_options(&config, clock))?;
        let settings = hub_settings(&config, &public_url);
        let hub = Hub::new(store.clone(), files.clone(), key.sealer(), settings);
        let new_key = let_in(&hub, &config).await?;
        let socket = Socket::bind(&dir)?;

        let client = http_client(config.delivery.webhook_allow_private)?;
        let speaking = channel_set(&config, &public_url, connected, client.clone())?;
        hub.limit_waiting_calls(config.limits.waiting_calls_per_key as usize);
        use_channels(&hub, &config, &speaking);
        hub.undo_begun_integrations().await?;
        let webhooks = start_webhooks(&hub, &config, speaking.clone(), client.clone());
        let sockets = Sockets::new(&hub, socket_settings(&config));
        let mut background = start_background(&hub, &sockets, exporter.clone());
        let farewells = Farewells::new(hub.clone(), client, config.delivery.webhook_retry_base_ms);
        background.start("partners", farewells, |partners| partners.run().boxed());
        let media = MediaFetcher::new(hub.outbox(), speaking.clone());
        background.start("media", media, |media| media.clone().run().boxed());
        let operator =
            Arc::new(Admin { hub: hub.clone(), store: store.clone(), files, dir: dir.clone(), key });
        background
            .start("control", (socket, operator), |(socket, admin)| socket.serve(admin.clone()).boxed());

        let gauges = Gauges::new(hub.outbox(), store.clone(), webhooks.clone());
        let followers = Followers::new(hub.clone(), speaking.clone());
        let hooks = Hooks::new(speaking, followers);
        let shared = Arc::new(Shared { hub: hub.clone(), gauges, exporter, hooks, sockets: sockets.clone() });
        let stopping = Stopping::default();
        let mut answer = |listener, router, connections_max| {
            let front = Arc::new(Front::new(router, RequestMetrics::new(operations())));
            let serving = (listener, front, stopping.clone(), Arc::new(Semaphore::new(connections_max)));
            background.start("listener", serving, |(listener, front, stopping, places)| {
                serve(listener, front.clone(), stopping.clone(), places.clone()).boxed()
            });
        };
        let (admin_url, admin) = admin.unzip();
        answer(listener, routes(shared.clone(), &dialects(&config), admin.is_none()), connections(&config));
        if let Some(listener) = admin {
            answer(listener, admin_routes(shared), ADMIN_CONNECTIONS_MAX);
        }
        background.start("registration", hub.clone(), |hub| stay_registered(hub.clone()).boxed());
        dir.write_url(&url)?;
        tracing::info!(%url, data_dir = %dir.path().display(), "serving");
        #[rustfmt::skip]
        let running = RunningServer {
            hub, store, dir, url, public_url, admin_url, new_key, webhooks, sockets, stopping, background,
            _lock: lock,
        };
        Ok(running)
    }
}

/// Tells providers where we are now, until all have heard it: for them that is where they call us.
async fn stay_registered(hub: Hub) {
    let mut pause = REGISTER_PAUSE;
    loop {
        match hub.register_anew().await {
            Ok(0) => return,
            Ok(left) => tracing::info!(left, "providers are still to be told our new address"),
            Err(error) => tracing::warn!(%error, "providers could not be told our new address"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(REGISTER_PAUSE_MAX);
    }
}

fn store_options(config: &Config, clock: Arc<dyn Clock>) -> Options {
    Options {
        clock,
        readers_max: config.store.readers as usize,
        batch_commands_max: config.store.commit_batch as usize,
        ..Options::new(&config.store.data_dir)
    }
}

/// What looks after sockets, the store and metrics.
fn start_background(hub: &Hub, sockets: &Sockets, exporter: Exporter) -> Background {
    let mut background = Background::default();
    let renderers: Vec<Arc<dyn SocketRenderer>> = vec![Arc::new(SignalrRenderer::new(hub.clone()))];
    let feed = feed(hub.outbox(), renderers, Arc::new(sockets.clone()));
    background.start("feed", feed, |feed| feed.run().boxed());
    background.start("sweeper", hub.clone(), |hub| hub.run_sweeper().boxed());
    background.start("answers", hub.clone(), |hub| hub.watch_answers().boxed());
    background.start("metrics", exporter, |exporter| exporter.run_upkeep().boxed());
    background
}

/// Connections to the API that may be open at the same time.
fn connections(config: &Config) -> usize {
    config.limits.connections.map_or_else(connections_max, |max| max.get() as usize)
}

fn socket_settings(config: &Config) -> SocketSettings {
    let half = (connections(config) / 2).max(1);
    SocketSettings {
        per_integration_max: config.limits.sockets_per_integration.map_or(half, |max| max as usize),
        record_bytes_max: config.limits.socket_record_bytes as usize,
        ..SocketSettings::default()
    }
}

/// Makes sure that somebody can come in. Gives the key that was made for it, if one was.
async fn let_in(hub: &Hub, config: &Config) -> Result<Option<NewKey>> {
    let account = hub.ensure_default_account().await?;
    check_sealing_key(hub).await?;
    if let (Some(id), Some(secret)) = (&config.api.account_key_id, &config.api.account_key_secret) {
        hub.seed_account_key(id, secret.expose()).await?;
        return Ok(None);
    }
    let made = hub.first_account_key().await?;
    Ok(made.map(|key| NewKey {
        account_id: account.id.to_string(),
        key_id: key.credential.id,
        key_secret: key.secret,
    }))
}

/// Refuses a sealing key under which the store's secrets were not sealed.
async fn check_sealing_key(hub: &Hub) -> Result<()> {
    let Some(first) = hub.list_account_keys(None).await?.into_iter().next() else { return Ok(()) };
    match hub.live_key(&first.credential.id).await {
        Err(hub::HubError::Internal(store::StoreError::Damaged(text))) => Err(Failure::refused(format!(
            "{text}: use the sealing key with which this data directory was begun"
        ))),
        other => other.map(|_| ()).map_err(Failure::from),
    }
}

/// The one way out, to whomever.
fn http_client(allow_private: bool) -> Result<HttpClient> {
    let client = HttpClient::new(HttpConfig { allow_private, ..HttpConfig::default() });
    client.map_err(|error| Failure::failed(error.to_string()))
}

fn start_webhooks(hub: &Hub, config: &Config, channels: ChannelSet, client: HttpClient) -> WebhooksHandle {
    let webhooks = WebhookConfig { retry_base_ms: config.delivery.webhook_retry_base_ms };
    let renderers: Vec<Arc<dyn EventRenderer>> = vec![
        Arc::new(SunshineRenderer::new(hub.clone())),
        Arc::new(HubsterRenderer::new(hub.clone())),
        Arc::new(NoticeRenderer),
    ];
    WebhooksHandle::new(Webhooks::start(hub.outbox(), renderers, channels, client, webhooks))
}

/// The channels, with another client for the addresses that the operator has set himself.
fn channel_set(
    config: &Config,
    public_url: &str,
    connected: &[&'static dyn Channel],
    client: HttpClient,
) -> Result<ChannelSet> {
    let settings =
        ChannelSettings { public_url: public_url.to_owned(), base_urls: config.channels.base_urls() };
    Ok(ChannelSet::new(connected, settings, client, http_client(true)?))
}

/// Serves a router behind everything that a server puts in front of its own. The bench measures its
/// floor with it.
#[doc(hidden)]
pub async fn serve_router(listener: TcpListener, router: axum::Router) {
    let front = Arc::new(Front::new(router, RequestMetrics::new(operations())));
    serve(&listener, front, Stopping::default(), Arc::new(Semaphore::new(connections_max()))).await;
}

impl RunningServer {
    /// Where it is reached from this machine, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What links and providers are told.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Where its metrics are, if they have an address of their own.
    pub fn admin_url(&self) -> Option<&str> {
        self.admin_url.as_deref()
    }

    /// Its data directory.
    pub fn data_dir(&self) -> PathBuf {
        std::fs::canonicalize(self.dir.path()).unwrap_or_else(|_| self.dir.path().to_owned())
    }

    /// The hub, for tests that ask it directly or let it sweep.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The account key that this start has made: its id and secret.
    pub fn new_account_key(&self) -> Option<(&str, &str)> {
        self.new_key.as_ref().map(|key| (key.key_id.as_str(), key.key_secret.as_str()))
    }

    /// Stops: takes no new connections, finishes what runs, delivers what is on its way; drops what
    /// takes longer than eight seconds. Deliveries that are dropped are made again after the start.
    pub async fn shutdown(self) {
        let RunningServer { hub, store, dir, webhooks, sockets, stopping, background, _lock, .. } = self;
        stopping.soon.cancel();
        hub.end_waits();
        stopping.running.close();
        let requests = async {
            if tokio::time::timeout(DRAIN_TIME_MAX, stopping.running.wait()).await.is_err() {
                tracing::warn!(
                    connections = stopping.running.len(),
                    "requests that took too long were dropped"
                );
            }
            stopping.now.cancel();
        };
        tokio::join!(requests, webhooks.shutdown(DRAIN_TIME_MAX), sockets.shutdown(SOCKETS_TIME_MAX));
        background.end().await;
        drop(hub);
        if tokio::time::timeout(CLOSE_TIME_MAX, store.close()).await.is_err() {
            tracing::warn!("the store was not closed in time; the next start takes its log over");
        }
        dir.remove_traces();
    }
}
