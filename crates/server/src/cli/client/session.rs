//! Which server a command means, and who asks there.

use client::crosspoint::Crosspoint;
use client::sunshine::Sunshine;
use client::{Client, Credentials, Error};
use wire::Secret;

use super::super::place::block_on;
use super::profiles::{DEFAULT, Profile, Profiles};
use crate::exit::{Failure, Result};

/// Which server, and who asks. Flags beat variables beat the profile.
#[derive(clap::Args)]
pub(in crate::cli) struct Target {
    /// The profile that crosspoint login has saved.
    #[arg(long, global = true, env = "CROSSPOINT_PROFILE", value_name = "NAME", help_heading = "Server")]
    profile: Option<String>,
    /// The server's address.
    #[arg(long, global = true, env = "CROSSPOINT_URL", value_name = "URL", help_heading = "Server")]
    url: Option<String>,
    /// The key's id; its secret comes from CROSSPOINT_KEY_SECRET or from the profile.
    #[arg(long, global = true, env = "CROSSPOINT_KEY_ID", value_name = "ID", help_heading = "Server")]
    key_id: Option<String>,
    /// The app, when the profile names none or another.
    #[arg(long, global = true, env = "CROSSPOINT_APP", value_name = "ID", help_heading = "Server")]
    app: Option<String>,
    /// Print one line of JSON.
    #[arg(long, global = true, help_heading = "Server")]
    json: bool,
}

/// The variable with the secret of a key; a flag would show it to everybody on the machine.
pub(super) const SECRET_VARIABLE: &str = "CROSSPOINT_KEY_SECRET";

/// A server, ready to be asked.
pub(super) struct Session {
    pub(super) sunshine: Sunshine,
    pub(super) crosspoint: Crosspoint,
    /// Whether the result is for scripts.
    pub(super) json: bool,
    app: Option<String>,
}

impl Target {
    /// Runs a command against the server.
    pub(super) fn run<T>(self, command: impl AsyncFnOnce(&Session) -> Result<T>) -> Result<T> {
        let session = self.open()?;
        block_on(async { command(&session).await })
    }

    fn open(self) -> Result<Session> {
        let saved = self.saved()?;
        let another =
            |given: &Option<String>, kept: &String| given.as_ref().is_some_and(|given| given != kept);
        let (url, key_id, secret, app) = match saved {
            // The saved secret goes to the saved address and with the saved key only.
            Some(kept) if another(&self.url, &kept.url) || another(&self.key_id, &kept.key_id) => {
                (Some(kept.url), Some(kept.key_id), None, kept.app)
            }
            Some(kept) => (Some(kept.url), Some(kept.key_id), Some(kept.key_secret), kept.app),
            None => (None, None, None, None),
        };
        let secret = secret_variable().or(secret);
        let missing = |what: &str| {
            let more = format!(
                "run crosspoint login, or set CROSSPOINT_URL, CROSSPOINT_KEY_ID and {SECRET_VARIABLE}"
            );
            Failure::refused(format!("{what}: {more}"))
        };
        let url = self.url.or(url).ok_or_else(|| missing("no server is named"))?;
        let key_id = self.key_id.or(key_id).ok_or_else(|| missing("no key is named"))?;
        let secret = secret.ok_or_else(|| missing("the key has no secret"))?;
        let client = connect(&url, &key_id, &secret)?;
        let (sunshine, crosspoint) = (client.sunshine(), client.crosspoint());
        Ok(Session { sunshine, crosspoint, json: self.json, app: self.app.or(app) })
    }

    /// The profile that is named, or the default one if there is any.
    fn saved(&self) -> Result<Option<Profile>> {
        let mut profiles = Profiles::read()?.0;
        match &self.profile {
            None => Ok(profiles.remove(DEFAULT)),
            Some(name) => match profiles.remove(name) {
                Some(profile) => Ok(Some(profile)),
                None => Err(Failure::refused(format!(
                    "there is no profile {name:?}; crosspoint login --profile {name} makes it"
                ))),
            },
        }
    }
}

/// The secret that the environment gives.
pub(super) fn secret_variable() -> Option<Secret> {
    std::env::var(SECRET_VARIABLE).ok().filter(|text| !text.is_empty()).map(Secret::new)
}

/// A client of this server.
pub(super) fn connect(url: &str, key_id: &str, secret: &Secret) -> Result<Client> {
    let credentials = Credentials::basic(key_id, secret.expose());
    let client = Client::builder(url).credentials(credentials).build();
    client.map_err(|error| Failure::refused(error.to_string()))
}

impl Session {
    /// The app that is meant.
    pub(super) fn app(&self) -> Result<&str> {
        let missing = || Failure::refused("no app is named: give --app, or crosspoint login --app");
        self.app.as_deref().ok_or_else(missing)
    }
}

impl From<Error> for Failure {
    /// One line that says what to do.
    fn from(error: Error) -> Failure {
        let text = error.to_string();
        match error {
            Error::Invalid(_) => Failure::refused(text),
            Error::Unreachable { .. } => {
                Failure::failed(format!("the server cannot be reached: {text}; is it running?"))
            }
            Error::TimedOut { .. } => Failure::failed(format!("{text}; is the server overloaded?")),
            _ => match error.status() {
                Some(401) => {
                    Failure::failed(format!("{text}; crosspoint login with a key that is still good"))
                }
                Some(403) => Failure::failed(format!("{text}; another key may be allowed to")),
                Some(429) => Failure::failed(format!("{text}; try again later")),
                _ => Failure::failed(text),
            },
        }
    }
}
