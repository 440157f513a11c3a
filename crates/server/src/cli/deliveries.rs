//! `crosspoint deliveries`: what webhooks did not take.

use super::output;
use super::place::{Place, unexpected};
use crate::control::{Answer, DeliveryRow, Request};
use crate::exit::Result;

/// List webhook deliveries that failed, and send them again.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint deliveries replay --app 5f0000000000000000000002 --all"
)]
pub(super) struct Deliveries {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the deliveries of an app that were given up, and those that wait for their next attempt.
    #[command(after_help = "Example:\n  crosspoint deliveries list --app 5f0000000000000000000002")]
    List {
        /// The app.
        #[arg(long, value_name = "ID")]
        app: String,
        /// Go on behind this delivery.
        #[arg(long, value_name = "ID")]
        after: Option<String>,
        /// Deliveries at most.
        #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
        limit: u8,
        /// Print one line of JSON: a list of objects.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Send a delivery that was given up again, or all of an app.
    #[command(
        after_help = "Examples:\n  crosspoint deliveries replay --app 5f0000000000000000000002 --all\n  \
                      crosspoint deliveries replay --app 5f0000000000000000000002 5f0000000000000000000003"
    )]
    Replay {
        /// The app.
        #[arg(long, value_name = "ID")]
        app: String,
        /// The delivery.
        #[arg(value_name = "DELIVERY_ID", required_unless_present = "all", conflicts_with = "all")]
        delivery: Option<String>,
        /// All of the app.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        place: Place,
    },
}

impl Deliveries {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::List { app, after, limit, json, place } => {
                let request = Request::ListDeliveries { app, after, limit: limit.into() };
                let Answer::Deliveries { rows, more } = place.ask(request)? else { return Err(unexpected()) };
                show(rows, more, json);
            }
            Command::Replay { app, delivery, all: _, place } => {
                let request = Request::ReplayDeliveries { app, delivery };
                let Answer::Replayed(count) = place.ask(request)? else { return Err(unexpected()) };
                output::line(format_args!("{count} to be sent again"));
            }
        }
        Ok(())
    }
}

fn show(rows: Vec<DeliveryRow>, more: bool, json: bool) {
    let last = rows.last().map(|row| row.id.clone());
    if json {
        output::json(&rows);
    } else {
        let cells = |row: DeliveryRow| {
            let status = row.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
            let attempts = row.attempts.to_string();
            let none = || "-".to_owned();
            let (died_at, next_at) =
                (row.died_at.unwrap_or_else(none), row.next_attempt_at.unwrap_or_else(none));
            let error = row.error.unwrap_or_default();
            [row.id, row.state, row.target, attempts, status, died_at, next_at, error]
        };
        let rows: Vec<_> = rows.into_iter().map(cells).collect();
        let heads = ["DELIVERY", "STATE", "TARGET", "TRIES", "STATUS", "GIVEN UP", "NEXT TRY", "ERROR"];
        output::table(heads, &rows);
    }
    if let Some(last) = last.filter(|_| more) {
        output::note(format_args!("there are more; go on with --after {last}"));
    }
}
