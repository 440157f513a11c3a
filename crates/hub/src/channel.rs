//! Channels as the server and delivery see them: integrations with their secrets open.

use std::sync::Arc;

use model::channel::Person;
use model::event::{EventDetail, EventType, Reason, UserUpdateReason};
use model::record::{Integration, IntegrationKey, IntegrationStatus};
use model::{Id, metadata};
use serde_json::{Map, Value};
use store::rows::{clients, integrations, users};
use store::{Command, Ctx, Tx};

use crate::commands::integration::open_secrets;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};
use crate::rules::{arrival, receipts};

/// Integrations of one type that are read at once.
const LOOK_MAX: usize = 200;

/// An integration of a channel with its secrets open.
#[derive(Clone)]
pub struct OpenChannel {
    /// The integration.
    pub integration: Integration,
    /// Its settings that nobody is shown.
    pub secrets: Map<String, Value>,
}

/// Why nobody is reached through an integration of a type without a connector, for people.
pub fn not_connected(kind: &str) -> String {
    format!("channel not connected: this server does not speak {kind} yet")
}

/// Without the secrets.
impl std::fmt::Debug for OpenChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenChannel").field("id", &self.integration.id).finish_non_exhaustive()
    }
}

impl OpenChannel {
    /// Whether a setting or secret is this text, or a number written like it.
    fn has(&self, name: &str, value: &str) -> bool {
        let found = self.secrets.get(name).or_else(|| self.integration.config.get(name));
        found.and_then(metadata::id_text).is_some_and(|own| own == value)
    }
}

/// Settings that the operator lends the integrations of a type: an app of the server's own at a provider,
/// for those that bring none. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Lent {
    /// The secret that tells whether an integration has its own; then nothing is lent.
    pub own_secret: &'static str,
    /// Settings that may be shown.
    pub config: Map<String, Value>,
    /// Settings that may not.
    pub secrets: Map<String, Value>,
}

impl std::fmt::Debug for Lent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}

struct LearnProfile {
    integration: Integration,
    person: Person,
}

impl Command for LearnProfile {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = clients::by_external_id(tx, self.integration.key, &self.person.external_id).await?;
        let Some(mut client) = found else { return Ok(()) };
        if arrival::describe(&mut client, &self.person) {
            clients::update(tx, &client).await?;
        }
        let Some(mut user) = users::by_key(tx, client.user).await? else { return Ok(()) };
        let had_locale = user.profile.locale.is_some();
        if !arrival::fill_profile(&mut user.profile, &self.person) {
            return Ok(());
        }
        users::update(tx, &user).await?;
        if had_locale || user.profile.locale.is_none() {
            return Ok(());
        }
        let detail = EventDetail {
            reason: Some(Reason::UserUpdate(UserUpdateReason::LocaleDetection)),
            source: Some(receipts::source(&self.integration, &client)),
            ..EventDetail::default()
        };
        let draft = EventDraft { user: user.key, detail: Some(detail), ..EventDraft::default() };
        emit::in_user_lane(tx, ctx, EventType::UserUpdate, user.app, draft).await
    }
}

impl Hub {
    /// The integration behind a callback's address, of whatever app and type; `None` for an unknown
    /// or deleted one.
    pub async fn channel(&self, integration: Id) -> Result<Option<Arc<OpenChannel>>> {
        self.directory().channel(self, integration).await
    }

    /// An integration by its key.
    pub(crate) async fn channel_by_key(&self, key: IntegrationKey) -> Result<Option<OpenChannel>> {
        let mut reader = self.reader().await?;
        let found = integrations::by_key(&mut reader, key).await?;
        found.map(|found| self.open_channel(found)).transpose()
    }

    pub(crate) fn open_channel(&self, integration: Integration) -> Result<OpenChannel> {
        let secrets = open_secrets(self.sealer(), integration.sealed_secrets.as_deref())?;
        let mut open = OpenChannel { integration, secrets };
        self.lend(&mut open);
        Ok(open)
    }

    /// Adds what the operator lends, in memory only.
    pub(crate) fn lend(&self, open: &mut OpenChannel) {
        let Some(lent) = self.lent(&open.integration.kind) else { return };
        if !open.secrets.contains_key(lent.own_secret) {
            open.integration.config.extend(lent.config.clone());
            open.secrets.extend(lent.secrets.clone());
        }
    }

    /// Integrations of a type that have all of these settings, compared as text: a callback to one may
    /// be for others, too (channels.md §0.4). Inactive ones are left out.
    pub async fn channels_with(
        &self,
        kind: &str,
        settings: &[(&'static str, String)],
    ) -> Result<Vec<Arc<OpenChannel>>> {
        let mut reader = self.reader().await?;
        let (mut after, mut found) = (IntegrationKey(0), Vec::new());
        loop {
            let page = integrations::of_kind(&mut reader, kind, after, LOOK_MAX).await?;
            let is_last = page.len() < LOOK_MAX;
            for integration in page {
                after = integration.key;
                // Secrets are opened only when the settings that are shown fit.
                let may_be = |(name, value): &(&str, String)| {
                    let own = integration.config.get(*name);
                    own.is_none_or(|own| metadata::id_text(own).is_some_and(|own| own == *value))
                };
                let fits = settings.iter().all(may_be);
                if !fits || integration.status == IntegrationStatus::Inactive {
                    continue;
                }
                let open = self.open_channel(integration)?;
                if settings.iter().all(|(name, value)| open.has(name, value)) {
                    found.push(Arc::new(open));
                }
            }
            if is_last {
                return Ok(found);
            }
        }
    }

    /// What a channel said of a person when it was asked. A locale that was not known before is told
    /// (`user:update`).
    pub async fn learn_profile(&self, channel: &OpenChannel, person: Person) -> Result<()> {
        self.run(LearnProfile { integration: channel.integration.clone(), person }).await
    }
}
