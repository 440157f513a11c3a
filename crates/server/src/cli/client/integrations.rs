//! `crosspoint integrations`.

use client::sunshine::types::{IntegrationCreateBody, IntegrationFilter, IntegrationUpdateBody};

use serde_json::json;

use super::body::{Data, text};
use super::session::Target;
use super::webhooks::Fields;
use super::{LIMIT, show};
use crate::exit::Result;

/// List, read, make, change and delete integrations of an app.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint integrations list --type custom"
)]
pub(in crate::cli) struct Integrations {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List integrations.
    #[command(after_help = "Example:\n  crosspoint integrations list --type custom,telegram")]
    List {
        /// Only of these types.
        #[arg(long = "type", value_name = "TYPES")]
        types: Option<String>,
        /// Integrations at most.
        #[arg(long, value_name = "COUNT", default_value_t = LIMIT)]
        limit: usize,
    },
    /// Read an integration.
    #[command(after_help = "Example:\n  crosspoint integrations get 5d8e2b1cd55b040010928b71")]
    Get {
        /// The integration.
        #[arg(value_name = "INTEGRATION_ID")]
        id: String,
    },
    /// Make an integration. A custom one needs its webhook; --data holds what other types need.
    #[command(
        after_help = "Examples:\n  crosspoint integrations create --type telegram --data @token.json   # {\"token\": \"…\"}\n  \
                      crosspoint integrations create --type custom --name Bot --target https://bot.example.com/hook \
                      --trigger conversation:message"
    )]
    Create {
        /// Its type.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Its name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        webhook: Fields,
        #[command(flatten)]
        data: Data,
    },
    /// Change an integration: its name, a token at its provider, and what else its type lets change.
    #[command(
        after_help = "Examples:\n  crosspoint integrations update 5d8e2b1cd55b040010928b71 --name Bot\n  \
                      crosspoint integrations update 5d8e2b1cd55b040010928b71 --data @token.json   # {\"token\": \"…\"}"
    )]
    Update {
        /// The integration.
        #[arg(value_name = "INTEGRATION_ID")]
        id: String,
        /// Its new name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Delete an integration with its webhooks and keys.
    #[command(after_help = "Example:\n  crosspoint integrations delete 5d8e2b1cd55b040010928b71")]
    Delete {
        /// The integration.
        #[arg(value_name = "INTEGRATION_ID")]
        id: String,
    },
}

impl Integrations {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (sunshine, app) = (&session.sunshine, session.app()?);
            match self.command {
                Command::List { types, limit } => {
                    let call = sunshine.list_integrations(app).filter(&IntegrationFilter { types });
                    let found = show::collect(call, limit).await?;
                    show::list(session, &found, ["INTEGRATION", "TYPE", "STATUS", "NAME"], |it| {
                        [
                            it.id.clone(),
                            it.kind.to_string(),
                            show::cell(&it.status),
                            show::cell(&it.display_name),
                        ]
                    });
                }
                Command::Get { id } => {
                    show::thing(session, &sunshine.get_integration(app, &id).await?.integration);
                }
                Command::Create { kind, name, webhook, data } => {
                    let webhooks = webhook.object().map(|webhook| json!([webhook]));
                    let fields =
                        [("type", text(&kind)), ("displayName", text(&name)), ("webhooks", webhooks)];
                    let body: IntegrationCreateBody = data.body(fields)?;
                    show::thing(session, &sunshine.create_integration(app, &body).await?.integration);
                }
                Command::Update { id, name, data } => {
                    let body: IntegrationUpdateBody = data.body([("displayName", text(&name))])?;
                    show::thing(session, &sunshine.update_integration(app, &id, &body).await?.integration);
                }
                Command::Delete { id } => {
                    sunshine.delete_integration(app, &id).await?;
                    show::deleted(session, &id);
                }
            }
            Ok(())
        })
    }
}
