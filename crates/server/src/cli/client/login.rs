//! `crosspoint login` and `crosspoint logout`: saved places and keys.

use std::io::{BufRead as _, IsTerminal as _};

use wire::Secret;

use super::super::output;
use super::super::place::block_on;
use super::profiles::{DEFAULT, Profile, Profiles};
use super::session::{SECRET_VARIABLE, connect, secret_variable};
use crate::exit::{Failure, Result};

/// Save where a server is and a key for it, after trying them.
///
/// The secret comes from CROSSPOINT_KEY_SECRET, or is asked for, or is read from the standard input. All
/// commands that speak to a server use what was saved.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  crosspoint login --url http://127.0.0.1:8080 --key-id act_5d8cff3cd55b040010928b5b"
)]
pub(in crate::cli) struct Login {
    /// The name under which it is saved.
    #[arg(long, env = "CROSSPOINT_PROFILE", value_name = "NAME", default_value = DEFAULT)]
    profile: String,
    /// The server's address.
    #[arg(long, env = "CROSSPOINT_URL", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The key's id: act_… of an account, app_… of an app.
    #[arg(long, env = "CROSSPOINT_KEY_ID", value_name = "ID")]
    key_id: Option<String>,
    /// The app that is meant when a command names none; an app's key knows its own.
    #[arg(long, env = "CROSSPOINT_APP", value_name = "ID")]
    app: Option<String>,
}

/// Forget a saved place and its key.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint logout --profile staging")]
pub(in crate::cli) struct Logout {
    /// Its name.
    #[arg(long, env = "CROSSPOINT_PROFILE", value_name = "NAME", default_value = DEFAULT)]
    profile: String,
}

impl Login {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let mut profiles = Profiles::read_or_none()?;
        let missing = || Failure::refused("no key is named: give --key-id, or set CROSSPOINT_KEY_ID");
        let key_id = self.key_id.ok_or_else(missing)?;
        let secret = secret()?;
        let sunshine = connect(&self.url, &key_id, &secret)?.sunshine();
        let account = key_id.starts_with("act_") || key_id.starts_with("svc_");
        let app = block_on(async {
            match self.app {
                Some(app) if account => Ok(Some(sunshine.get_app(&app).await?.app.id)),
                None if account => {
                    sunshine.list_apps().page_size(1).await.map(|_| None).map_err(Failure::from)
                }
                given => {
                    let own = sunshine.get_token_info().await?.app.id;
                    match given.filter(|given| *given != own) {
                        Some(other) => {
                            Err(Failure::refused(format!("the key belongs to app {own}, not to {other}")))
                        }
                        None => Ok(Some(own)),
                    }
                }
            }
        })?;
        let profile = Profile { url: self.url, key_id, key_secret: secret, app };
        profiles.0.insert(self.profile.clone(), profile);
        let path = profiles.write()?;
        output::line(format_args!(
            "The key is good; profile {} is saved in {}.",
            self.profile,
            path.display()
        ));
        Ok(())
    }
}

impl Logout {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let mut profiles = Profiles::read()?;
        if profiles.0.remove(&self.profile).is_none() {
            return Err(Failure::failed(format!("there is no profile {:?}", self.profile)));
        }
        profiles.write()?;
        output::line(format_args!("Profile {} is forgotten.", self.profile));
        Ok(())
    }
}

/// The secret from the environment, from who sits at the terminal, or from the standard input.
fn secret() -> Result<Secret> {
    if let Some(secret) = secret_variable() {
        return Ok(secret);
    }
    let unread = |error: std::io::Error| Failure::refused(format!("reading the secret: {error}"));
    let text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Secret of the key: ").map_err(unread)?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(unread)?;
        line
    };
    match text.trim() {
        "" => Err(Failure::refused(format!("no secret: set {SECRET_VARIABLE} or type it in"))),
        text => Ok(Secret::new(text)),
    }
}
