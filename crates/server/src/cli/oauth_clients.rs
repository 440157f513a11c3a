//! `crosspoint oauth-clients`: partners whose programs ask for access by OAuth (decision 20).

use super::output;
use super::place::{Place, unexpected};
use crate::control::{Answer, Request};
use crate::exit::Result;

/// Register and list partners' programs for OAuth.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint oauth-clients create \"Bot builder\" --redirect https://bots.example.com/callback"
)]
pub(super) struct OAuthClients {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Register a program; its secret is shown once.
    #[command(
        after_help = "Example:\n  crosspoint oauth-clients create \"Bot builder\" --redirect https://bots.example.com/callback"
    )]
    Create {
        /// What people read on the page that asks them.
        #[arg(value_name = "NAME")]
        name: String,
        /// Where people are led back to; may be given several times.
        #[arg(long, value_name = "URI", required = true)]
        redirect: Vec<String>,
        /// What is called when somebody removes the program from an app.
        #[arg(long, value_name = "URL")]
        remove_url: Option<String>,
        /// Print one line of JSON: {"clientId","clientSecret"}.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List programs, without their secrets.
    #[command(after_help = "Example:\n  crosspoint oauth-clients list --json")]
    List {
        /// Print one line of JSON: a list of objects.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
}

impl OAuthClients {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::Create { name, redirect, remove_url, json, place } => {
                let request = Request::CreateOAuthClient { name, redirect_uris: redirect, remove_url };
                let Answer::OAuthClient(client) = place.ask(request)? else { return Err(unexpected()) };
                if json {
                    output::json(&client);
                    return Ok(());
                }
                output::line(format_args!("client id  {}", client.client_id));
                output::line(format_args!("secret     {}", client.client_secret));
                output::note("The secret is shown this once; keep it.");
            }
            Command::List { json, place } => {
                let Answer::OAuthClients(rows) = place.ask(Request::ListOAuthClients)? else {
                    return Err(unexpected());
                };
                if json {
                    output::json(&rows);
                    return Ok(());
                }
                let cells = |row: crate::control::OAuthClientRow| {
                    [row.client_id, row.name, row.redirect_uris.join(" "), row.created_at]
                };
                let rows = rows.into_iter().map(cells);
                output::table(["CLIENT", "NAME", "REDIRECTS", "CREATED"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    }
}
