//! The worker that removes. It takes no input: woken or by its timer, it looks at what is there and
//! does what is missing; after a crash it goes on where it stood.

use std::collections::HashSet;
use std::time::Duration;

use model::limits::SWEEP_SLICE_ROWS_MAX;
use store::rows::sweeps::{self, Sweep, SweepKind};
use tokio::time::Instant;

use super::Slice;
use super::app::RemoveApp;
use super::conversation::RemoveConversation;
use super::departed::DEPARTED;
use super::expire::ExpireRows;
use super::integration::DeactivateClients;
use super::messages::EmptyMessages;
use super::receipts::TakeReceipts;
use super::steps::Steps;
use crate::commands::account::RemoveAccount;
use crate::commands::user::sweep::{ClearNames, MoveRest, RemoveUser};
use crate::error::Result;
use crate::hub::Hub;

/// Pause between two looks when nobody wakes it.
const PAUSE: Duration = Duration::from_secs(60);
/// Roots that are read at once.
const ROOTS_AT_ONCE: usize = 16;
/// Slices of each root before the other steps have their turn.
const PASSES_MAX: usize = 100;
/// Pause between two looks at events that users have left, at least: they may wait for a webhook for long.
const DEPARTED_PAUSE: Duration = Duration::from_secs(5);
/// Pause between two looks, at least, when nobody wakes it.
const PAUSE_MIN: Duration = Duration::from_millis(100);

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
                    self.sweep_everything(&mut failed, PASSES_MAX).await
                }
                false => self.sweep_queues(&mut failed).await,
            };
            if Instant::now() >= departed_at {
                departed_at = Instant::now() + DEPARTED_PAUSE;
                Steps(Ok(())).note(DEPARTED, self.forget_departed().await);
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
        let mut steps = Steps(self.sweep_everything(&mut HashSet::new(), usize::MAX).await);
        steps.note(DEPARTED, self.forget_departed().await);
        steps.0
    }

    async fn sweep_everything(&self, failed: &mut HashSet<i64>, passes_max: usize) -> Result<()> {
        let mut steps = Steps(self.sweep_roots(failed, passes_max).await);
        steps.note("rows with a time", self.expire_rows().await);
        steps.note("messages of apps with a retention", self.expire_messages().await);
        steps.note("idle conversations", self.close_idle().await);
        steps.note("events and what they told of", self.expire_settled().await);
        steps.note("sendings that ended in the middle", self.forget_sends().await);
        steps.note("links", self.expire_links(SWEEP_SLICE_ROWS_MAX).await.map(|_| ()));
        steps.note("withdrawals", self.withdraw_due().await);
        // Last what a bucket that does not answer can hold up.
        steps.note("files", self.remove_files().await);
        steps.note("files without a row", self.remove_orphans().await);
        steps.0
    }

    /// Does what somebody has left to be done; costs next to nothing when there is nothing.
    pub(super) async fn sweep_queues(&self, failed: &mut HashSet<i64>) -> Result<()> {
        let mut steps = Steps(self.sweep_roots(failed, PASSES_MAX).await);
        steps.note("withdrawals", self.withdraw_due().await);
        steps.note("files", self.remove_files().await);
        steps.0
    }

    async fn expire_rows(&self) -> Result<()> {
        while self.run(ExpireRows).await? {}
        Ok(())
    }

    /// Sweeps every root, a slice of each in turn, until nothing is left that could be done. One that fails
    /// is told and left out for this time, so that it is in nobody's way; `failed` are those that are left
    /// out. After `passes_max` passes the rest wakes the sweeper again, so that the other steps have their
    /// turn.
    pub(super) async fn sweep_roots(&self, failed: &mut HashSet<i64>, passes_max: usize) -> Result<()> {
        let mut steps = Steps(Ok(()));
        for _ in 0..passes_max {
            if !self.sweep_pass(failed, &mut steps).await? {
                return steps.0;
            }
        }
        self.wake_sweeper();
        steps.0
    }

    /// One slice of each root that is there when the pass begins; those that are added meanwhile have the
    /// next one. Gives whether anything was done: what was may have left another root, and what waits may go
    /// on.
    async fn sweep_pass(&self, failed: &mut HashSet<i64>, steps: &mut Steps) -> Result<bool> {
        let newest = sweeps::newest_waiting(&mut *self.reader().await?).await?;
        let (mut after, mut is_moved) = (0, false);
        while after < newest {
            let waiting = sweeps::waiting(&mut *self.reader().await?, after, ROOTS_AT_ONCE).await?;
            let Some((last, _)) = waiting.last() else { break };
            after = *last;
            for (key, sweep) in waiting {
                if key > newest || failed.contains(&key) {
                    continue;
                }
                let slice = match sweep {
                    Ok(sweep) => self.sweep_slice(sweep).await,
                    Err(error) => Err(error.into()),
                };
                match slice {
                    Ok(slice) => is_moved |= slice != Slice::Waits,
                    Err(error) => {
                        failed.insert(key);
                        steps.note("a root", Err(error));
                    }
                }
            }
        }
        Ok(is_moved)
    }

    async fn sweep_slice(&self, sweep: Sweep) -> Result<Slice> {
        let is_done = match sweep.kind {
            SweepKind::App => self.run(RemoveApp(sweep)).await,
            SweepKind::User => return self.run(RemoveUser(sweep)).await,
            SweepKind::UserNames => self.run(ClearNames(sweep)).await,
            SweepKind::UserMerge => self.run(MoveRest(sweep)).await,
            SweepKind::Conversation => self.run(RemoveConversation(sweep)).await,
            SweepKind::Messages => self.run(EmptyMessages(sweep)).await,
            SweepKind::Integration => self.run(DeactivateClients(sweep)).await,
            SweepKind::Receipts => self.run(TakeReceipts(sweep)).await,
            SweepKind::Subscription => self.forget_subscription(sweep).await,
            SweepKind::Events => self.clear_events(sweep).await,
            // They wait for deliveries, so they are looked at by themselves.
            SweepKind::Departed => return Ok(Slice::Waits),
            SweepKind::Account => self.run(RemoveAccount(sweep)).await,
        };
        is_done.map(Slice::of)
    }
}

#[cfg(test)]
#[path = "sweeper_tests.rs"]
mod tests;
