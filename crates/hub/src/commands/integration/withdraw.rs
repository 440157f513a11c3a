//! Telling a provider that an integration is gone. What is due is a row, written by the command that takes
//! the integration away; it is tried until the provider has heard it, for a day.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use model::Millis;
use model::record::{Integration, IntegrationKey, IntegrationStatus};
use store::rows::integrations as rows;
use store::rows::provisionings;
use store::rows::withdrawals::{self, Withdrawal};
use store::{Command, Ctx, Tx};

use super::open_secrets;
use crate::channel::OpenChannel;
use crate::commands::sweep::unless_damaged;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::{IN_HAND_MS, withdraw};

/// How long whoever takes an integration away waits for its provider, and a sweep for all of them.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Withdrawals of one sweep.
const SLICE_MAX: usize = 16;
/// Integrations of one type that are read at once.
const LOOK_MAX: usize = 200;

/// Withdraws an integration that was never stored, or whose identity has changed since.
pub(super) struct Withdraw(pub Integration);

impl Command for Withdraw {
    type Out = Option<Withdrawal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Withdrawal>> {
        provisionings::remove(tx, self.0.id).await?;
        withdraw(tx, ctx, &self.0, IN_HAND_MS).await
    }
}

/// How a withdrawal ended.
#[derive(Clone, Copy)]
enum Outcome {
    /// The provider has heard it.
    Told,
    /// A living integration needs what it would undo.
    Held,
    /// Nobody here speaks to the provider.
    Unconnected,
    /// The provider never heard it, or there is nothing that it could be told.
    GivenUp,
}

impl Outcome {
    /// The word in metrics.
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Told => "told",
            Outcome::Held => "held",
            Outcome::Unconnected => "unconnected",
            Outcome::GivenUp => "given_up",
        }
    }
}

/// What becomes of a withdrawal.
enum End {
    /// There is nothing more to tell.
    Over(Outcome),
    /// It is tried again.
    Later { attempts: i64, at: Millis },
}

struct Settle {
    key: i64,
    end: End,
}

impl Command for Settle {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        match self.end {
            End::Over(_) => withdrawals::remove(tx, self.key).await?,
            End::Later { attempts, at } => withdrawals::postpone(tx, self.key, attempts, at).await?,
        }
        Ok(())
    }
}

/// What living integrations have to do with one that is gone.
#[derive(Default)]
struct Around {
    /// One of them needs what the withdrawal would undo.
    is_held: bool,
    /// One that takes over what they share at the provider.
    heir: Option<OpenChannel>,
}

impl Hub {
    /// Tells the provider at once, for a caller who waits for it. What it does not hear now, it hears later.
    pub(crate) async fn tell_withdrawn(&self, due: Option<Withdrawal>) -> Result<()> {
        let Some(due) = due else { return Ok(()) };
        self.withdraw_of_kind(vec![due]).await?;
        // It looks when the next attempt is due.
        self.wake_sweeper();
        Ok(())
    }

    /// Tells providers what is due, a slice of it; the rest wakes the sweeper again.
    pub(crate) async fn withdraw_due(&self) -> Result<()> {
        let due = withdrawals::due(&mut *self.reader().await?, self.now(), SLICE_MAX).await?;
        let is_full = due.len() == SLICE_MAX;
        let mut kinds: BTreeMap<String, Vec<Withdrawal>> = BTreeMap::new();
        for (key, due) in due {
            let Some(due) = unless_damaged("withdrawals", key, due)? else {
                // There is nothing that a provider could be told.
                self.end_withdrawal(key, End::Over(Outcome::GivenUp)).await?;
                continue;
            };
            kinds.entry(due.kind.clone()).or_default().push(due);
        }
        let told = join_all(kinds.into_values().map(|due| self.withdraw_of_kind(due))).await;
        if is_full {
            self.wake_sweeper();
        }
        told.into_iter().collect()
    }

    /// When the next withdrawal is due.
    pub(crate) async fn next_withdrawal(&self) -> Result<Option<Millis>> {
        Ok(withdrawals::next_at(&mut *self.reader().await?).await?)
    }

    /// Withdrawals of one type, side by side. Nothing of the type is set up meanwhile, so that what the
    /// guard has seen stays true until the provider has answered.
    async fn withdraw_of_kind(&self, due: Vec<Withdrawal>) -> Result<()> {
        let Some(first) = due.first() else { return Ok(()) };
        let alone = tokio::time::timeout(TIME_MAX, self.setting_up(&first.kind).write_owned()).await;
        let is_alone = alone.is_ok();
        let ends = due.iter().map(|due| async move {
            let told = match is_alone {
                true => self.attempt(due).await,
                false => Err("integrations of its type are being set up".to_owned()),
            };
            self.settle_withdrawal(due, told).await
        });
        join_all(ends).await.into_iter().collect()
    }

    /// One attempt; how it ended, or why it is tried again.
    async fn attempt(&self, due: &Withdrawal) -> Result<Outcome, String> {
        let Some(provisioner) = self.provisioner().filter(|it| it.is_connected(&due.kind)) else {
            return Ok(Outcome::Unconnected);
        };
        let channel = self.open_withdrawn(due).map_err(|error| error.to_string())?;
        let around = self.around(&channel).await.map_err(|error| error.to_string())?;
        let late = |_| Err("the provider did not answer in time".to_owned());
        if let Some(heir) = &around.heir {
            let told = tokio::time::timeout(TIME_MAX, provisioner.hand_over(self, &channel, heir)).await;
            told.unwrap_or_else(late)?;
        }
        if around.is_held {
            return Ok(Outcome::Held);
        }
        let told = tokio::time::timeout(TIME_MAX, provisioner.withdraw(self, &channel)).await;
        told.unwrap_or_else(late)?;
        Ok(Outcome::Told)
    }

    async fn settle_withdrawal(&self, due: &Withdrawal, told: Result<Outcome, String>) -> Result<()> {
        let attempts = due.attempts.saturating_add(1);
        let at = self.provisioner().and_then(|it| it.again_at(attempts, self.now()));
        let end = match (told, at) {
            (Ok(outcome), _) => End::Over(outcome),
            (Err(reason), Some(at)) => {
                tracing::info!(integration = %due.integration, kind = due.kind, attempts, reason, "a provider was not told that an integration is gone");
                End::Later { attempts, at }
            }
            (Err(reason), None) => {
                tracing::warn!(integration = %due.integration, kind = due.kind, attempts, reason, "given up telling a provider that an integration is gone");
                End::Over(Outcome::GivenUp)
            }
        };
        self.end_withdrawal(due.key, end).await
    }

    async fn end_withdrawal(&self, key: i64, end: End) -> Result<()> {
        let outcome = match &end {
            End::Over(outcome) => outcome.as_str(),
            End::Later { .. } => "retried",
        };
        metrics::counter!("crosspoint_withdrawals_total", "outcome" => outcome).increment(1);
        self.run(Settle { key, end }).await
    }

    /// What living integrations have to do with one that is gone.
    async fn around(&self, gone: &OpenChannel) -> Result<Around> {
        let mut around = Around::default();
        let Some(provisioner) = self.provisioner() else { return Ok(around) };
        let mut keeps_it = false;
        let mut after = IntegrationKey(0);
        loop {
            let mut reader = self.reader().await?;
            let page = rows::of_kind(&mut reader, &gone.integration.kind, after, LOOK_MAX).await?;
            drop(reader);
            let is_last = page.len() < LOOK_MAX;
            for living in page {
                after = living.key;
                around.is_held |= provisioner.is_held_by(&gone.integration, &living);
                if living.status == IntegrationStatus::Inactive || keeps_it {
                    continue;
                }
                let is_same = living.id == gone.integration.id;
                if !is_same && around.heir.is_some() {
                    continue;
                }
                let living = self.open_channel(living)?;
                if provisioner.is_heir(gone, &living) {
                    // The same integration with new secrets has its own registration; nobody inherits the old
                    // one.
                    keeps_it = is_same;
                    around.heir = Some(living).filter(|_| !is_same);
                }
            }
            if is_last {
                return Ok(around);
            }
        }
    }

    fn open_withdrawn(&self, due: &Withdrawal) -> Result<OpenChannel> {
        let secrets = open_secrets(self.sealer(), due.sealed_secrets.as_deref())?;
        let integration = Integration {
            key: IntegrationKey::default(),
            id: due.integration,
            app: due.app,
            kind: due.kind.clone(),
            status: IntegrationStatus::Inactive,
            name: None,
            config: due.config.clone(),
            sealed_secrets: None,
            default_responder: None,
            oauth_client_id: None,
            created_at: due.created_at,
            health_reason: None,
            last_good_at: None,
        };
        let mut channel = OpenChannel { integration, secrets };
        self.lend(&mut channel);
        Ok(channel)
    }
}
