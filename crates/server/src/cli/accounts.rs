//! `crosspoint accounts`: the tenants of a server.

use super::keys::show_new_key;
use super::output;
use super::place::{Place, unexpected};
use crate::control::{Answer, Request};
use crate::exit::Result;

/// Make, list and delete accounts, which see nothing of each other.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint accounts create \"Second brand\" --json"
)]
pub(super) struct Accounts {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make an account with its first key, whose secret is shown once.
    #[command(after_help = "Example:\n  crosspoint accounts create \"Second brand\" --json")]
    Create {
        /// For people.
        #[arg(value_name = "NAME")]
        name: String,
        /// Print one line of JSON: {"accountId","keyId","keySecret"}.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Delete an account for good: its keys open nothing from now on, and its apps with all their
    /// conversations and files are removed by and by.
    #[command(after_help = "Example:\n  crosspoint accounts delete 5f0000000000000000000002 --yes")]
    Delete {
        /// Its id, as `crosspoint accounts list` shows it. The first account stays.
        #[arg(value_name = "ID")]
        id: String,
        /// Says that it is meant: nothing brings an account back.
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List accounts.
    #[command(after_help = "Example:\n  crosspoint accounts list --json")]
    List {
        /// Print one line of JSON: a list of objects.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
}

impl Accounts {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::Create { name, json, place } => {
                let Answer::Key(key) = place.ask(Request::CreateAccount { name })? else {
                    return Err(unexpected());
                };
                show_new_key(&key, json);
            }
            Command::Delete { id, yes: _, place } => {
                place.ask(Request::DeleteAccount { id: id.clone() })?;
                output::line(format_args!("{id} is gone; what it had is being removed"));
            }
            Command::List { json, place } => {
                let Answer::Accounts(rows) = place.ask(Request::ListAccounts)? else {
                    return Err(unexpected());
                };
                if json {
                    output::json(&rows);
                    return Ok(());
                }
                let rows = rows.into_iter().map(|row| [row.id, row.created_at, row.name]);
                output::table(["ACCOUNT", "CREATED", "NAME"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    }
}
