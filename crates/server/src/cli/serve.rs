//! `crosspoint serve`.

use std::path::PathBuf;
use std::sync::Arc;

use store::SystemClock;
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;

use super::output;
use super::place::environment;
use crate::config::{Config, Loaded, Values, load};
use crate::exit::{Failure, Result};
use crate::server::{RunningServer, Server};
use crate::telemetry::start_log;

/// Start the server.
///
/// It stops on SIGTERM and SIGINT, within ten seconds.
#[derive(clap::Args)]
#[command(
    after_help = "Every option is also an environment variable (--data-dir: CROSSPOINT_DATA_DIR) and a key of the \
                  file (data_dir).\nFlags beat the environment, and the environment beats the file.\n\nExample:\n  \
                  crosspoint serve --data-dir ./data --listen 127.0.0.1:8080"
)]
pub(super) struct Serve {
    /// The configuration file; also CROSSPOINT_CONFIG. crosspoint config default prints one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    _options: Config,
}

impl Serve {
    pub(super) fn run(self, flags: Values) -> Result<()> {
        let Loaded { config, warnings } = load(flags, self.config.as_deref(), environment())?;
        start_log(&config.log)?;
        for warning in warnings.into_iter().chain(config.warning()) {
            tracing::warn!("{warning}");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::failed(format!("starting a runtime: {error}")))?;
        let ended = runtime.block_on(serve(config));
        // What still runs on threads of its own, a backup for example, is not waited for.
        runtime.shutdown_background();
        ended
    }
}

async fn serve(config: Config) -> Result<()> {
    let mut signals = Signals::listen()?;
    // On a thread of its own, since a migration blocks it.
    let runtime = Handle::current();
    let starting = spawn_blocking(move || runtime.block_on(Server::start(config, Arc::new(SystemClock))));
    let server = tokio::select! {
        started = starting => {
            started.map_err(|error| Failure::failed(format!("starting: {error}")))??
        }
        () = signals.next() => {
            tracing::info!("stopped by a signal during the start");
            return Ok(());
        }
    };
    greet(&server);
    signals.next().await;
    tracing::info!("stopping");
    tokio::select! {
        () = server.shutdown() => {
            tracing::info!("stopped");
            Ok(())
        }
        () = signals.next() => Err(Failure::failed("stopped at once by a second signal")),
    }
}

/// The signals that end the server.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(super) fn listen() -> Result<Signals> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::failed(format!("listening to signals: {error}")));
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Says where it is and, once, how to come in.
fn greet(server: &RunningServer) {
    let url = server.public_url();
    output::line(format_args!("Crosspoint {} is ready.", env!("CARGO_PKG_VERSION")));
    output::line("");
    output::line(format_args!("  API     {url}"));
    output::line(format_args!("  Docs    {url}/docs"));
    if let Some(admin) = server.admin_url() {
        output::line(format_args!("  Metrics {admin}/metrics"));
    }
    output::line(format_args!("  Data    {}", server.data_dir().display()));
    if let Some((id, secret)) = server.new_account_key() {
        output::line("");
        output::line("  The account key, which is shown this once (crosspoint keys create makes more):");
        output::line("");
        output::line(format_args!("  Key id  {id}"));
        output::line(format_args!("  Secret  {secret}"));
        output::line("");
        output::line("  Try it:");
        output::line("");
        output::line(format_args!("  curl -u {id}:{secret} {url}/v2/apps"));
    }
    output::line("");
}
