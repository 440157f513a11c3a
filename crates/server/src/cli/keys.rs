//! `crosspoint keys`: account keys.

use super::output;
use super::place::{Place, unexpected};
use crate::control::{Answer, NewKey, Request};
use crate::exit::Result;

/// Make, list and revoke account keys.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint keys create --name \"for the CRM\" --json"
)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make an account key; its secret is shown once.
    #[command(after_help = "Example:\n  crosspoint keys create --name \"for the CRM\" --json")]
    Create {
        /// The account that it opens; the first one if none is named.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// For people.
        #[arg(long, value_name = "NAME", default_value = "made with crosspoint keys create")]
        name: String,
        /// Print one line of JSON: {"accountId","keyId","keySecret"}.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List account keys, without their secrets.
    #[command(after_help = "Example:\n  crosspoint keys list --account 5f0000000000000000000001")]
    List {
        /// Only those of this account.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Print one line of JSON: a list of objects.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// End a key at once, whatever it opens.
    #[command(after_help = "Example:\n  crosspoint keys revoke act_5f0000000000000000000001")]
    Revoke {
        /// The id of the key, with its prefix.
        #[arg(value_name = "KEY_ID")]
        id: String,
        #[command(flatten)]
        place: Place,
    },
}

impl Keys {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::Create { account, name, json, place } => {
                let Answer::Key(key) = place.ask(Request::CreateKey { account, name })? else {
                    return Err(unexpected());
                };
                show_new_key(&key, json);
            }
            Command::List { account, json, place } => {
                let Answer::Keys(rows) = place.ask(Request::ListKeys { account })? else {
                    return Err(unexpected());
                };
                if json {
                    output::json(&rows);
                    return Ok(());
                }
                let rows = rows.into_iter().map(|row| [row.id, row.account_id, row.created_at, row.name]);
                output::table(["KEY", "ACCOUNT", "CREATED", "NAME"], &rows.collect::<Vec<_>>());
            }
            Command::Revoke { id, place } => {
                place.ask(Request::RevokeKey { id: id.clone() })?;
                output::line(format_args!("{id} opens nothing any more"));
            }
        }
        Ok(())
    }
}

/// Shows a key with its secret.
pub(super) fn show_new_key(key: &NewKey, json: bool) {
    if json {
        return output::json(key);
    }
    output::line(format_args!("account  {}", key.account_id));
    output::line(format_args!("key id   {}", key.key_id));
    output::line(format_args!("secret   {}", key.key_secret));
    output::note("The secret is shown this once; keep it.");
}
