//! A whole system for newcomers: server, simulated providers, a bot and an agent, all in this process
//! and over public HTTP routes alone.

mod bot;
mod desk;
mod scene;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use rand::RngCore as _;
use sim::{Loopback, Provider, Receipts, Sim, SimConfig, SimError};
use store::SystemClock;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::{Config, ListenAddress};
use crate::exit::{Failure, Result};
use crate::http::cannot_listen;
use crate::server::{RunningServer, Server};

use desk::Desk;
use scene::Scene;

/// Where everything listens.
pub struct Places {
    /// The server.
    pub server: ListenAddress,
    /// The simulator.
    pub sim: SocketAddr,
    /// Bot and agent.
    pub desk: SocketAddr,
}

/// The running demo.
pub struct Demo {
    server: RunningServer,
    sim: Sim,
    desk_url: String,
    desk: JoinHandle<()>,
    key: (String, String),
    app: String,
    _data: Scratch,
}

impl Demo {
    /// Starts everything with fresh data.
    ///
    /// # Errors
    /// Refused: a port in use. Failed: the machine, or the server refuses the scene.
    pub async fn start(places: Places) -> Result<Demo> {
        let sim = SimConfig {
            listen: places.sim,
            receipts: Receipts::Read,
            receipt_delay_ms: 400,
            ..SimConfig::default()
        };
        let sim = Sim::start(sim).await.map_err(|error| no_simulator(&error, "--sim-listen"))?;
        let listener = TcpListener::bind(places.desk).await;
        let listener = listener.map_err(|error| cannot_listen(places.desk, "--desk-listen", &error))?;
        let address = listener.local_addr().map_err(|error| Failure::failed(error.to_string()))?;
        let desk_url = format!("http://{address}");

        let data = Scratch::make()?;
        let key = (format!("act_{}", random_hex(12)), random_hex(24));
        let server = serve(&places.server, &sim, &key, data.path()).await?;
        let api = Loopback::new(server.url()).basic(&key.0, &key.1);
        let scene = Scene::build(&api, &sim, &desk_url).await.map_err(Failure::failed)?;
        let app = scene.app.clone();
        let desk = Arc::new(Desk::new(api, scene));
        let desk = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, desk::routes(desk)).await {
                tracing::error!(%error, "bot and agent stopped");
            }
        });
        Ok(Demo { server, sim, desk_url, desk, key, app, _data: data })
    }

    /// The customer's phone.
    pub fn sim_url(&self) -> &str {
        self.sim.url()
    }

    /// The simulator, for tests.
    pub fn sim(&self) -> &Sim {
        &self.sim
    }

    /// The agent's page.
    pub fn desk_url(&self) -> &str {
        &self.desk_url
    }

    /// The server.
    pub fn server_url(&self) -> &str {
        self.server.url()
    }

    /// The account key: id and secret.
    pub fn key(&self) -> (&str, &str) {
        (&self.key.0, &self.key.1)
    }

    /// The app's id.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// Ends everything.
    pub async fn stop(self) {
        self.server.shutdown().await;
        self.desk.abort();
    }
}

/// Why the simulator does not start, and what to do about it.
pub(crate) fn no_simulator(error: &SimError, flag: &str) -> Failure {
    match error {
        SimError::Listen(address, error) => cannot_listen(address, flag, error),
        SimError::NotLoopback(_) => {
            Failure::refused(format!("{error}; choose 127.0.0.1 and a port with {flag}"))
        }
        other => Failure::refused(other.to_string()),
    }
}

async fn serve(
    listen: &ListenAddress,
    sim: &Sim,
    key: &(String, String),
    data_dir: &Path,
) -> Result<RunningServer> {
    let values = [
        ("data_dir", data_dir.to_string_lossy().into_owned()),
        ("listen", listen.to_string()),
        ("account_key_id", key.0.clone()),
        ("account_key_secret", key.1.clone()),
        ("webhook_allow_private", "true".to_owned()),
        ("channel_base_url_twilio", sim.base_url(Provider::Twilio)),
        ("channel_base_url_messenger", sim.base_url(Provider::Messenger)),
        ("channel_base_url_telegram", sim.base_url(Provider::Telegram)),
    ];
    Server::start(Config::from_values(values)?, Arc::new(SystemClock)).await
}

/// So many random bytes as hex digits.
fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill_bytes(&mut random);
    HEXLOWER.encode(&random)
}

/// A data directory that goes with the demo.
struct Scratch(PathBuf);

impl Scratch {
    fn make() -> Result<Scratch> {
        let path = std::env::temp_dir().join(format!("crosspoint-demo-{}", random_hex(8)));
        let what = || format!("making {}", path.display());
        std::fs::create_dir(&path).map_err(|error| Failure::file(what(), &error))?;
        Ok(Scratch(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the demo's data stay behind");
        }
    }
}
