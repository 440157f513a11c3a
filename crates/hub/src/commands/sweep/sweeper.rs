//! The worker that removes. It takes no input: woken or by its timer, it looks at what is there and
//! does what is missing; after a crash it goes on where it stood.

use std::time::Duration;

use model::limits::SWEEP_SLICE_ROWS_MAX;
use store::rows::attachments;
use store::rows::sweeps::{self, Sweep, SweepKind};
use store::{Command, Ctx, Tx};

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
/// Pause between two looks, at least, when nobody wakes it.
const PAUSE_MIN: Duration = Duration::from_millis(100);

impl Hub {
    /// Removes what was deleted or has had its time, until the program ends.
    pub async fn run_sweeper(&self) {
        loop {
            let pause = match self.sweep().await {
                Ok(()) => self.pause_to_next_sweep().await,
                Err(error) => {
                    tracing::error!(%error, "the sweeper failed; it tries again");
                    PAUSE
                }
            };
            let _woken_or_time = tokio::time::timeout(pause, self.sweeper().notified()).await;
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
    /// The store's; what was removed until then stays removed.
    pub async fn sweep(&self) -> Result<()> {
        loop {
            let waiting = {
                let mut reader = self.reader().await?;
                sweeps::waiting(&mut reader, 16).await?
            };
            if waiting.is_empty() {
                break;
            }
            for sweep in waiting {
                self.sweep_slice(sweep).await?;
            }
        }
        self.forget_departed().await?;
        while self.run(ExpireRows).await? {}
        self.expire_messages().await?;
        self.close_idle().await?;
        self.expire_settled().await?;
        self.expire_links(SWEEP_SLICE_ROWS_MAX).await?;
        self.withdraw_due().await?;
        // Last what a bucket that does not answer can hold up.
        self.remove_files().await?;
        self.remove_orphans().await
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
            SweepKind::Account => {
                let done = self.run(RemoveAccount(sweep)).await?;
                // Its apps are gone for whoever remembers them, and for those who hear of them.
                self.directory().forget_keys();
                self.subscriptions_changed();
                Ok(done)
            }
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
