//! `crosspoint events`.

use std::time::{Duration, UNIX_EPOCH};

use client::crosspoint::Start;
use client::crosspoint::types::EventQuery;

use super::listen::moment;
use super::session::Target;
use super::{LIMIT, show};
use crate::exit::Result;

/// Most events that one call gives.
const CALL_MAX: usize = 100;

/// Read the events of an app that the server keeps; crosspoint listen follows them.
#[derive(clap::Args)]
#[command(arg_required_else_help = true, after_help = "Example:\n  crosspoint events list --since 1h")]
pub(in crate::cli) struct Events {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List events, the oldest first.
    #[command(after_help = "Examples:\n  crosspoint events list --since 1h\n  \
                      crosspoint events list --after 5f0000000000000000000003 --limit 1000 --json")]
    List {
        /// Begin with what happened then: 30s, 15m, 2h or 7d ago, or a time as 2026-03-01T08:00:00Z.
        #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "after")]
        since: Option<i64>,
        /// Go on behind this event.
        #[arg(long, value_name = "EVENT_ID")]
        after: Option<String>,
        /// Events at most.
        #[arg(long, value_name = "COUNT", default_value_t = LIMIT)]
        limit: usize,
    },
}

impl Events {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let Command::List { since, after, limit } = self.command;
            let since = since.map(|ms| UNIX_EPOCH + Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
            let mut after = after.or_else(|| since.and_then(|moment| Start::At(moment).cursor()));
            let mut found = Vec::new();
            while found.len() < limit {
                let size = u32::try_from((limit - found.len()).min(CALL_MAX)).unwrap_or(1);
                let query = EventQuery { after: after.take(), limit: Some(size), wait: None };
                let page = session.crosspoint.list_events(session.app()?, &query).await?;
                found.extend(page.events);
                after = page.meta.after_cursor;
                if !page.meta.has_more || after.is_none() {
                    break;
                }
            }
            show::list(session, &found, ["EVENT", "WHEN", "WHAT"], |it| {
                [it.id.clone(), it.created_at.clone(), it.kind.to_string()]
            });
            Ok(())
        })
    }
}
