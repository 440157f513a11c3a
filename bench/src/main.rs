//! `make bench`: the table of ratios, all measured in one run. Absolute figures drift with the
//! machine; the ratios are what counts.

mod broadcast;
mod bulk;
mod channels;
mod cost;
mod events;
mod floor;
mod http;
mod load;
mod plain;
mod scenarios;
mod settings;
mod sink;
mod system;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

/// Measures Crosspoint and prints a table of ratios.
#[derive(Parser)]
#[command(after_help = "Example: crosspoint-bench --quick --only posting")]
struct Arguments {
    /// A short run with fewer messages.
    #[arg(long)]
    quick: bool,
    /// One part alone.
    #[arg(long, value_enum)]
    only: Option<Part>,
    #[command(subcommand)]
    command: Option<Internal>,
}

/// A part of the table.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Posting messages beside the floor and one commit each.
    Posting,
    /// Reading the last 100 messages.
    Pages,
    /// Deliveries to a sink, memory, start-up.
    Webhooks,
    /// Callbacks of providers and sends to them.
    Channels,
    /// A thousand settings in one answer.
    Settings,
    /// Activities in, and out to sockets.
    Events,
    /// Processor time and pages of the log of one message, callback and activity.
    Cost,
}

#[derive(Subcommand)]
enum Internal {
    /// Serves the floor (used by the bench itself).
    #[command(hide = true)]
    Floor {
        /// A data directory.
        data_dir: PathBuf,
    },
    /// Serves the floor of fan-out (used by the bench itself).
    #[command(hide = true)]
    Broadcast {
        /// Where its address is written.
        folder: PathBuf,
    },
}

/// How long and how much.
pub struct Budget {
    /// Time of one round of load.
    pub round: Duration,
    /// Rounds, of which the median counts.
    pub rounds: usize,
    /// Messages in the largest store.
    pub messages_large: usize,
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.command {
        Some(Internal::Floor { data_dir }) => return runtime.block_on(floor::serve(&data_dir)),
        Some(Internal::Broadcast { folder }) => return runtime.block_on(broadcast::serve(&folder)),
        None => {}
    }
    let budget = match arguments.quick {
        true => Budget { round: Duration::from_secs(2), rounds: 1, messages_large: 200_000 },
        false => Budget { round: Duration::from_secs(4), rounds: 3, messages_large: 5_000_000 },
    };
    let posts = budget.round.as_secs() as usize * budget.rounds * 16;
    eprintln!("about {} s of load, besides filling the stores", posts + posts / 2);
    runtime.block_on(scenarios::all(&budget, arguments.only))
}
