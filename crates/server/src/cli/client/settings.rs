//! `crosspoint settings`.

use client::crosspoint::types::SettingBody;

use super::session::Target;
use super::show;
use crate::exit::Result;

/// List, read, write and delete settings of an app.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint settings set popup https://desk.example.com/popup"
)]
pub(in crate::cli) struct Settings {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List all settings.
    #[command(after_help = "Example:\n  crosspoint settings list")]
    List,
    /// Read a setting.
    #[command(after_help = "Example:\n  crosspoint settings get popup")]
    Get(One),
    /// Write a setting, over what it said before.
    #[command(
        visible_aliases = ["create", "update"],
        after_help = "Example:\n  crosspoint settings set popup https://desk.example.com/popup"
    )]
    Set {
        #[command(flatten)]
        one: One,
        /// What it says from now on.
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
    /// Delete a setting.
    #[command(after_help = "Example:\n  crosspoint settings delete popup")]
    Delete(One),
}

#[derive(clap::Args)]
struct One {
    /// The setting's name; case matters.
    #[arg(value_name = "KEY")]
    key: String,
}

impl Settings {
    pub(in crate::cli) fn run(self) -> Result<()> {
        self.target.run(async |session| {
            let (own, app) = (&session.crosspoint, session.app()?);
            match self.command {
                Command::List => {
                    let found = own.list_settings(app).await?.settings;
                    show::list(session, &found, ["KEY", "VALUE", "WRITTEN"], |it| {
                        [it.key.clone(), it.value.clone(), it.updated_at.clone()]
                    });
                }
                Command::Get(one) => {
                    show::thing(session, &own.get_setting(app, &one.key).await?.setting);
                }
                Command::Set { one, value } => {
                    let body = SettingBody::new(value);
                    show::thing(session, &own.put_setting(app, &one.key, &body).await?.setting);
                }
                Command::Delete(one) => {
                    own.delete_setting(app, &one.key).await?;
                    show::deleted(session, &one.key);
                }
            }
            Ok(())
        })
    }
}
