//! The worker that removes. It takes no input: woken or by its timer, it looks at what is there and
//! does what is missing; after a crash it goes on where it stood.

use std::time::Duration;

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::ConversationKey;
use model::time::{DAY_MS, SECOND_MS};
use store::rows::attachments;
use store::rows::sweeps::{self, Sweep, SweepKind};
use store::{Command, Ctx, Tx};

use super::app::RemoveApp;
use super::conversation::RemoveConversation;
use super::expire::{CloseIdle, ExpireConversations, ExpireEvents, ExpireMessages, ExpireRows};
use super::integration::DeactivateClients;
use super::messages::EmptyMessages;
use super::subscription::ForgetSubscription;
use crate::commands::account::RemoveAccount;
use crate::commands::user::sweep::{ClearNames, MoveRest, RemoveUser};
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Pause between two looks when nobody wakes it.
const PAUSE: Duration = Duration::from_secs(60);

impl Hub {
    /// Removes what was deleted or has had its time, until the program ends.
    pub async fn run_sweeper(&self) {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::error!(%error, "the sweeper failed; it tries again");
            }
            let _woken_or_time = tokio::time::timeout(PAUSE, self.sweeper().notified()).await;
        }
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
        while self.run(ExpireRows).await? {}
        self.expire_messages().await?;
        self.close_idle().await?;
        self.expire_settled().await?;
        self.expire_links(SWEEP_SLICE_ROWS_MAX).await?;
        self.remove_files().await
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
            SweepKind::Subscription => self.run(ForgetSubscription(sweep)).await,
            SweepKind::Account => {
                let done = self.run(RemoveAccount(sweep)).await?;
                // Its apps are gone for whoever remembers them, and for those who hear of them.
                self.directory().forget_everything();
                self.subscriptions_changed();
                Ok(done)
            }
        }
    }

    async fn expire_messages(&self) -> Result<()> {
        let apps = {
            let mut reader = self.reader().await?;
            sweeps::apps_with_retention(&mut reader).await?
        };
        for (app, settings) in apps {
            let seconds = settings.conversation_retention_seconds.unwrap_or(0);
            if seconds <= 0 {
                continue;
            }
            let keep_ms = seconds.saturating_mul(SECOND_MS);
            let mut after = Some(ConversationKey(0));
            while let Some(from) = after {
                after = self.run(ExpireMessages { app, keep_ms, after: from }).await?;
            }
        }
        Ok(())
    }

    async fn close_idle(&self) -> Result<()> {
        let apps = {
            let mut reader = self.reader().await?;
            sweeps::apps_with_auto_close(&mut reader).await?
        };
        for (app, settings) in apps {
            let Some(days) = settings.auto_close_days.filter(|days| *days > 0) else { continue };
            let idle_ms = days.saturating_mul(DAY_MS);
            let mut after = Some(ConversationKey(0));
            while let Some(from) = after {
                after = self.run(CloseIdle { app, idle_ms, after: from }).await?;
            }
        }
        Ok(())
    }

    async fn expire_settled(&self) -> Result<()> {
        let retention_ms = self.settings().event_retention_ms;
        let mut after = Some(0);
        while let Some(from) = after {
            after = self.run(ExpireEvents { after: from, retention_ms }).await?;
        }
        while self.run(ExpireConversations { retention_ms }).await? {}
        Ok(())
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
            for (_, token) in &deleted {
                self.files().remove(token).await?;
            }
            self.run(ForgetAttachments(deleted.into_iter().map(|(key, _)| key).collect())).await?;
        }
    }
}

struct ForgetAttachments(Vec<model::record::AttachmentKey>);

impl Command for ForgetAttachments {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for key in &self.0 {
            attachments::remove(tx, *key).await?;
        }
        Ok(())
    }
}
