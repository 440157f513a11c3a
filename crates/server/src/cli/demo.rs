//! `crosspoint demo`: server and simulator together, with a bot and an agent.

use std::net::SocketAddr;

use super::output;
use super::serve::Signals;
use crate::config::ListenAddress;
use crate::demo::{Demo as Running, Places};
use crate::exit::{Failure, Result};
use crate::telemetry::start_log;

/// Show everything, without an account anywhere.
///
/// Starts a server, a simulated Telegram and SMS, a bot and an agent's desk, and prints their addresses.
/// Nothing is kept afterwards.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint demo\n  crosspoint demo --listen 127.0.0.1:8081")]
pub(super) struct Demo {
    /// Where the server listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: ListenAddress,
    /// Where the simulator listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    sim_listen: SocketAddr,
    /// Where bot and agent listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9091")]
    desk_listen: SocketAddr,
}

impl Demo {
    pub(super) fn run(self) -> Result<()> {
        let log = crate::config::Config::from_values([("log", "warn")])?.log;
        start_log(&log)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::failed(format!("starting a runtime: {error}")))?;
        let places = Places { server: self.listen, sim: self.sim_listen, desk: self.desk_listen };
        let ended = runtime.block_on(async {
            let mut signals = Signals::listen()?;
            let demo = Running::start(places).await?;
            greet(&demo);
            signals.next().await;
            demo.stop().await;
            Ok(())
        });
        runtime.shutdown_background();
        ended
    }
}

fn greet(demo: &Running) {
    let (sim, desk) = (demo.sim_url(), demo.desk_url());
    output::line("The demo is ready. Open both pages side by side:");
    output::line("");
    output::line(format_args!("  The customer's phone  {sim}"));
    output::line(format_args!("  The agent's desk      {desk}"));
    output::line("");
    output::line("  1. On the phone write: When are you open?    The bot answers.");
    output::line("  2. Write: human    The bot passes control; the chat appears on the desk.");
    output::line("  3. Answer on the desk; give the chat back to the bot when you are done.");
    output::line("");
    output::line("  The same from another terminal:");
    output::line(format_args!("    crosspoint sim say telegram 1111111 'When are you open?' --sim {sim}"));
    output::line(format_args!("    crosspoint sim chat telegram 1111111 --sim {sim}"));
    output::line(format_args!("    crosspoint sim say sms +15550001234 human --sim {sim}"));
    output::line("");
    let (id, secret) = demo.key();
    output::line(format_args!("  API     {}", demo.server_url()));
    output::line(format_args!("  Docs    {}/docs", demo.server_url()));
    output::line(format_args!("  Key     {id}:{secret}"));
    output::line(format_args!("  App     {}", demo.app()));
    output::line("");
    output::line("  Control-C ends it; nothing is kept.");
    output::line("");
}
