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
    /// Refuses --json where there is nothing to print for scripts.
    pub(super) fn refuse_json(&self, instead: &str) -> Result<()> {
        match self.json {
            true => Err(Failure::refused(format!("--json: a chat is for people; {instead} print JSON"))),
            false => Ok(()),
        }
    }

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
        match &error {
            Error::Invalid(_) => Failure::refused(text),
            Error::Unreachable { .. } => {
                Failure::failed(format!("the server cannot be reached: {text}; is it running?"))
            }
            Error::TimedOut { .. } => Failure::failed(format!("{text}; is the server overloaded?")),
            Error::Unreadable { .. } => Failure::failed(format!("{text}; {NO_SERVER_OF_OURS}")),
            Error::Refused { refusal, .. } => {
                let advice = advice(refusal.status, !refusal.errors.is_empty(), error.request_id());
                Failure::failed(match advice {
                    Some(advice) => format!("{text}; {advice}"),
                    None => text,
                })
            }
            _ => Failure::failed(text),
        }
    }
}

/// What to do about an answer that is none of ours.
const NO_SERVER_OF_OURS: &str = "is --url a Crosspoint server?";

/// What to do about a refusal. Of a wrong request its own text says it.
fn advice(status: u16, says_why: bool, request_id: Option<&str>) -> Option<String> {
    Some(match status {
        401 => "crosspoint login with a key that is still good".to_owned(),
        403 => "another key may be allowed to".to_owned(),
        429 => "try again later".to_owned(),
        500.. => match request_id {
            Some(id) => format!("see what the server's log says of request {id}"),
            None => "see the server's log".to_owned(),
        },
        _ if !says_why => NO_SERVER_OF_OURS.to_owned(),
        404 => "check the ids and --app".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_comes_with_what_to_do() {
        let said = |status, says_why, id| advice(status, says_why, id).unwrap_or_default();
        assert!(said(401, true, None).contains("crosspoint login"));
        assert!(said(403, true, None).contains("another key"));
        assert!(said(404, true, Some("r")).contains("--app"));
        assert!(said(429, true, None).contains("later"));
        assert!(said(503, true, Some("r-7")).contains("log says of request r-7"));
        assert!(said(502, false, None).contains("the server's log"));
        for status in [400, 404, 405] {
            assert_eq!(said(status, false, None), NO_SERVER_OF_OURS);
        }
        for status in [400, 409, 413, 423] {
            assert_eq!(advice(status, true, Some("r")), None, "its text says what is wrong");
        }
    }
}
