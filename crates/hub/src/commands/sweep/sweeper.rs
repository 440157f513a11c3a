//! The worker that removes. It takes no input: woken or by its timer, it looks at what is there and
//! does what is missing; after a crash it goes on where it stood.

use std::collections::HashSet;
use std::time::Duration;

use model::limits::SWEEP_SLICE_ROWS_MAX;
use store::rows::attachments;
use store::rows::sweeps::{self, Sweep, SweepKind};
use store::{Command, Ctx, Tx};
use tokio::time::Instant;

use super::app::RemoveApp;
use super::conversation::RemoveConversation;
use super::expire::ExpireRows;
use super::integration::DeactivateClients;
use super::messages::EmptyMessages;
use super::receipts::TakeReceipts;
use super::subscription::ForgetSubscription;
use crate::commands::account::RemoveAccount;
use crate::commands::user::sweep::{ClearNames, MoveRest, RemoveUser};
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Pause between two looks when nobody wakes it.
const PAUSE: Duration = Duration::from_secs(60);
/// Roots that are read at once.
const ROOTS_AT_ONCE: usize = 16;
/// Pause between two looks at events that users have left, at least: they may wait for a webhook for long.
const DEPARTED_PAUSE: Duration = Duration::from_secs(5);
/// Pause between two looks, at least, when nobody wakes it.
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// Steps that do not need each other: one that fails is told, and the others are done all the same.
struct Steps(Result<()>);

impl Steps {
    fn note(&mut self, step: &'static str, ended: Result<()>) {
        if let Err(error) = ended {
            tracing::error!(%error, step, "a part of the sweep failed; it is tried again");
            self.0 = std::mem::replace(&mut self.0, Ok(())).and(Err(error));
        }
    }
}

impl Hub {
    /// Removes what was deleted or has had its time, until the program ends. Whoever wakes it has left
    /// something in a queue; only the timer has everything looked through.
    pub async fn run_sweeper(&self) {
        let mut failed = HashSet::new();
        let (mut everything_at, mut departed_at) = (Instant::now(), Instant::now());
        loop {
            let swept = match Instant::now() >= everything_at {
                true => {
                    everything_at = Instant::now() + PAUSE;
                    failed.clear();
                    self.sweep_everything(&mut failed).await
                }
                false => self.sweep_queues(&mut failed).await,
            };
            if Instant::now() >= departed_at {
                departed_at = Instant::now() + DEPARTED_PAUSE;
                let mut step = Steps(Ok(()));
                step.note("events of users who are gone", self.forget_departed().await);
            }
            let pause = match swept {
                Ok(()) => self.pause_to_next_sweep().await,
                Err(_) => PAUSE,
            };
            let until = everything_at.min(Instant::now() + pause);
            let _woken_or_time = tokio::time::timeout_at(until, self.sweeper().notified()).await;
        }
    }

    /// Until a provider has to be told something, but no longer than usual.
    async fn pause_to_next_sweep(&self) -> Duration {
        let next = self.next_withdrawal().await.ok().flatten();
        let wait = next.map(|at| Duration::from_millis(u64::try_from(at.since(self.now())).unwrap_or(0)));
        wait.map_or(PAUSE, |wait| wait.clamp(PAUSE_MIN, PAUSE))
    }

    /// Removes everything that can be removed now.
    ///
    /// # Errors
    /// The first; everything else was removed all the same.
    pub async fn sweep(&self) -> Result<()> {
        self.sweep_everything(&mut HashSet::new()).await
    }

    async fn sweep_everything(&self, failed: &mut HashSet<i64>) -> Result<()> {
        let mut steps = Steps(self.sweep_roots(failed).await);
        steps.note("events of users who are gone", self.forget_departed().await);
        steps.note("rows with a time", self.expire_rows().await);
        steps.note("messages of apps with a retention", self.expire_messages().await);
        steps.note("idle conversations", self.close_idle().await);
        steps.note("events and what they told of", self.expire_settled().await);
        steps.note("links", self.expire_links(SWEEP_SLICE_ROWS_MAX).await.map(|_| ()));
        steps.note("withdrawals", self.withdraw_due().await);
        // Last what a bucket that does not answer can hold up.
        steps.note("files", self.remove_files().await);
        steps.note("files without a row", self.remove_orphans().await);
        steps.0
    }

    /// Does what somebody has left to be done; costs next to nothing when there is nothing.
    pub(super) async fn sweep_queues(&self, failed: &mut HashSet<i64>) -> Result<()> {
        let mut steps = Steps(self.sweep_roots(failed).await);
        steps.note("withdrawals", self.withdraw_due().await);
        steps.note("files", self.remove_files().await);
        steps.0
    }

    async fn expire_rows(&self) -> Result<()> {
        while self.run(ExpireRows).await? {}
        Ok(())
    }

    /// Sweeps every root, a slice of each in turn. One that fails is told and left out for this time, so
    /// that it is in nobody's way; `failed` are those that are left out.
    async fn sweep_roots(&self, failed: &mut HashSet<i64>) -> Result<()> {
        let mut steps = Steps(Ok(()));
        let (mut after, mut is_left) = (0, false);
        loop {
            let waiting = sweeps::waiting(&mut *self.reader().await?, after, ROOTS_AT_ONCE).await?;
            match waiting.last() {
                Some(last) => after = last.key,
                None if is_left => (after, is_left) = (0, false),
                None => return steps.0,
            }
            for sweep in waiting {
                let key = sweep.key;
                if failed.contains(&key) {
                    continue;
                }
                match self.sweep_slice(sweep).await {
                    // What is done may have left another root, under any key.
                    Ok(_) => is_left = true,
                    Err(error) => {
                        failed.insert(key);
                        steps.note("a root", Err(error));
                    }
                }
            }
        }
    }

    async fn sweep_slice(&self, sweep: Sweep) -> Result<bool> {
        match sweep.kind {
            SweepKind::App => self.run(RemoveApp(sweep)).await,
            SweepKind::User => self.run(RemoveUser(sweep)).await,
            SweepKind::UserNames => self.run(ClearNames(sweep)).await,
            SweepKind::UserMerge => self.run(MoveRest(sweep)).await,
            SweepKind::Conversation => self.run(RemoveConversation(sweep)).await,
            SweepKind::Messages => self.run(EmptyMessages(sweep)).await,
            SweepKind::Integration => self.run(DeactivateClients(sweep)).await,
            SweepKind::Receipts => self.run(TakeReceipts(sweep)).await,
            SweepKind::Subscription => self.run(ForgetSubscription(sweep)).await,
            SweepKind::Events => self.clear_events(sweep).await,
            // They wait for deliveries, so they are looked at by themselves.
            SweepKind::Departed => Ok(false),
            SweepKind::Account => self.run(RemoveAccount(sweep)).await,
        }
    }

    /// Files go first, then their rows: a crash in between leaves a row, which is tried again.
    async fn remove_files(&self) -> Result<()> {
        loop {
            let deleted = {
                let mut reader = self.reader().await?;
                attachments::deleted(&mut reader, SWEEP_SLICE_ROWS_MAX).await?
            };
            if deleted.is_empty() {
                return Ok(());
            }
            let (keys, tokens): (Vec<_>, Vec<_>) = deleted.into_iter().unzip();
            self.files().remove_all(&tokens).await?;
            self.run(ForgetAttachments(keys)).await?;
        }
    }
}

struct ForgetAttachments(Vec<model::record::AttachmentKey>);

impl Command for ForgetAttachments {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let mut left = SWEEP_SLICE_ROWS_MAX;
        for key in &self.0 {
            left = left.saturating_sub(attachments::remove(tx, *key, left).await?);
            if left == 0 {
                // The others are found again.
                break;
            }
        }
        Ok(())
    }
}
