//! `crosspoint apps`.

use client::sunshine::types::{AppCreateBody, AppUpdateBody};

use super::body::{Data, text};
use super::session::Target;
use super::{LIMIT, show};
use crate::exit::Result;

/// List, read, make, change and delete apps.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint apps create --name Shop --json"
)]
pub(in crate::cli) struct Apps {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the apps of the account.
    #[command(after_help = "Example:\n  crosspoint apps list")]
    List {
        /// Apps at most.
        #[arg(long, value_name = "COUNT", default_value_t = LIMIT)]
        limit: usize,
    },
    /// Read an app.
    #[command(after_help = "Example:\n  crosspoint apps get 5d8cff3cd55b040010928b5b")]
    Get {
        /// The app; the profile's when none is named.
        #[arg(value_name = "APP_ID")]
        id: Option<String>,
    },
    /// Make an app.
    #[command(after_help = "Example:\n  crosspoint apps create --name Shop")]
    Create {
        /// Its name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Change an app.
    #[command(
        after_help = "Example:\n  crosspoint apps update 5d8cff3cd55b040010928b5b --data '{\"settings\":{\"echoPostback\":true}}'"
    )]
    Update {
        /// The app.
        #[arg(value_name = "APP_ID")]
        id: String,
        /// Its new name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Delete an app and all that belongs to it.
    #[command(after_help = "Example:\n  crosspoint apps delete 5d8cff3cd55b040010928b5b")]
    Delete {
        /// The app.
        #[arg(value_name = "APP_ID")]
        id: String,
    },
}

impl Apps {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let sunshine = &session.sunshine;
            match self.command {
                Command::List { limit } => {
                    let apps = show::collect(sunshine.list_apps(), limit).await?;
                    show::list(session, &apps, ["APP", "NAME"], |app| {
                        [app.id.clone(), show::cell(&app.display_name)]
                    });
                }
                Command::Get { id } => {
                    let id = id.as_deref().map_or_else(|| session.app(), Ok)?;
                    show::thing(session, &sunshine.get_app(id).await?.app);
                }
                Command::Create { name, data } => {
                    let body: AppCreateBody = data.body([("displayName", text(&name))])?;
                    show::thing(session, &sunshine.create_app(&body).await?.app);
                }
                Command::Update { id, name, data } => {
                    let body: AppUpdateBody = data.body([("displayName", text(&name))])?;
                    show::thing(session, &sunshine.update_app(&id, &body).await?.app);
                }
                Command::Delete { id } => {
                    sunshine.delete_app(&id).await?;
                    show::deleted(session, &id);
                }
            }
            Ok(())
        })
    }
}
