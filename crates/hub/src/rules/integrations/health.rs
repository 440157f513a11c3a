//! How an integration does: its status, why not everything works, and when its provider last showed that it
//! does. Everything that says something of it is a [`Sign`], and what a sign makes of it is said here alone.

use model::Millis;
use model::record::{Integration, IntegrationKey, IntegrationStatus};
use model::time::SECOND_MS;
use store::rows::integrations;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// An integration is noted to be well again this often, at most.
const GOOD_SIGN_EVERY_MS: i64 = 60 * SECOND_MS;

/// Something that says how an integration does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The provider took something: its token works, which says nothing of other faults.
    Took,
    /// The provider told something, and proved that it was the provider: what it tells comes here. It says
    /// nothing of a token that is refused.
    Heard,
    /// The provider refuses it; why, for people.
    Refused(String),
    /// It was set up at its provider, with the secrets that it has from now on.
    SetUp {
        /// What does not work all the same, for people.
        caveat: Option<String>,
    },
    /// The provider was told our present address; what does not work all the same, for people.
    Registered {
        /// What does not work all the same, for people.
        caveat: Option<String>,
    },
    /// The provider could not be told our present address; why, for people.
    Unregistered(String),
    /// Its owner has paused it.
    Paused,
    /// Its owner lets it work again.
    Resumed,
}

/// How an integration does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Health {
    status: IntegrationStatus,
    /// Why not everything works, for people.
    reason: Option<String>,
    /// When the provider last took or told something.
    good_at: Option<Millis>,
}

impl Health {
    fn of(integration: &Integration) -> Health {
        Health {
            status: integration.status,
            reason: integration.health_reason.clone(),
            good_at: integration.last_good_at,
        }
    }

    /// How it does after a sign.
    fn after(&self, sign: &Sign, now: Millis) -> Health {
        use IntegrationStatus::{Active, Error, Inactive, Paused};
        let same = || self.clone();
        let well =
            |status, caveat: &Option<String>| Health { status, reason: caveat.clone(), good_at: Some(now) };
        let lame = |status, reason: String| Health { status, reason: Some(reason), good_at: self.good_at };
        match (sign, self.status) {
            (Sign::Took, Active) => Health { good_at: Some(now), ..same() },
            (Sign::Took, Error) | (Sign::Heard, Active) => well(Active, &None),
            (Sign::Refused(reason), Active | Error) => lame(Error, reason.clone()),
            (Sign::SetUp { caveat }, Error) => well(Active, caveat),
            (Sign::SetUp { caveat }, status) => well(status, caveat),
            // One that is refused altogether keeps the reason for that.
            (Sign::Registered { .. } | Sign::Unregistered(_), Error) => same(),
            (Sign::Registered { caveat }, status) => well(status, caveat),
            (Sign::Unregistered(reason), status) => {
                lame(status, format!("the provider does not know our address: {reason}"))
            }
            // What the provider refused is forgotten while it is paused: once it works again the provider is
            // asked anew, and says so if it still refuses.
            (Sign::Paused, Error) => Health { status: Paused, reason: None, ..same() },
            (Sign::Paused, Active) => Health { status: Paused, ..same() },
            (Sign::Resumed, Paused) => Health { status: Active, ..same() },
            (Sign::Heard, Error) => same(),
            (Sign::Took | Sign::Heard | Sign::Refused(_), Inactive | Paused) => same(),
            (Sign::Paused, Inactive | Paused) | (Sign::Resumed, Active | Error | Inactive) => same(),
        }
    }

    /// Whether somebody sees the difference to `before`: a good sign alone counts once in a while.
    fn is_news(&self, before: &Health, now: Millis) -> bool {
        let is_old = before.good_at.is_none_or(|at| now.since(at) >= GOOD_SIGN_EVERY_MS);
        (self.status, &self.reason) != (before.status, &before.reason)
            || self.good_at != before.good_at && is_old
    }
}

/// Notes a sign; `integration` is as it is stored, and as it is afterwards. Gives whether its status has
/// turned.
pub(crate) async fn note(tx: &mut Tx, ctx: &Ctx, integration: &mut Integration, sign: &Sign) -> Result<bool> {
    let before = Health::of(integration);
    let after = before.after(sign, ctx.now);
    if after == before {
        return Ok(false);
    }
    let Health { status, reason, good_at } = after;
    let turns = status != before.status;
    match turns {
        true => integrations::set_health(tx, integration.key, status, reason.as_deref(), good_at).await?,
        // Good signs come all the time and change nothing of who hears what.
        false => integrations::note_sign(tx, integration.key, reason.as_deref(), good_at).await?,
    }
    (integration.status, integration.health_reason, integration.last_good_at) = (status, reason, good_at);
    Ok(turns)
}

/// Pauses an integration or lets it work again.
pub(crate) async fn pause(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &mut Integration,
    paused: Option<bool>,
) -> Result<()> {
    let sign = match paused {
        Some(true) => Sign::Paused,
        Some(false) => Sign::Resumed,
        None => return Ok(()),
    };
    note(tx, ctx, integration, &sign).await.map(drop)
}

struct NoteSign {
    integration: IntegrationKey,
    sign: Sign,
}

impl Command for NoteSign {
    type Out = bool;
    type Error = HubError;

    /// Gives whether the status has turned.
    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        match integrations::by_key(tx, self.integration).await? {
            Some(mut found) => note(tx, ctx, &mut found, &self.sign).await,
            None => Ok(false),
        }
    }
}

impl Hub {
    /// Notes what says how an integration does. A good sign is written once a minute at most.
    ///
    /// # Errors
    /// The store's.
    pub async fn note_sign(&self, channel: &Integration, sign: Sign) -> Result<()> {
        if self.is_noted(channel, &sign) {
            return Ok(());
        }
        if self.run(NoteSign { integration: channel.key, sign: sign.clone() }).await? {
            tracing::warn!(integration = %channel.id, kind = %channel.kind, ?sign, "an integration's health changed");
        }
        Ok(())
    }

    /// Whether [`Hub::note_sign`] would write nothing.
    pub fn is_noted(&self, channel: &Integration, sign: &Sign) -> bool {
        let (before, now) = (Health::of(channel), self.now());
        !before.after(sign, now).is_news(&before, now)
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
