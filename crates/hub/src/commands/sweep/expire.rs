//! Removes what has had its time, and closes what was idle: messages, uploads without a message, remembered
//! requests. Of events see `settled.rs`.

use model::Millis;
use model::limits::{
    ATTEMPT_PAUSE_MAX_MS, EXTERNAL_MESSAGE_LIFE_MS, IDEMPOTENCY_LIFE_MS, INBOUND_SEEN_LIFE_MS,
    SWEEP_SLICE_ROWS_MAX, UNUSED_UPLOAD_LIFE_MS,
};
use model::record::{AppKey, ConversationKey, ConversationState};
use model::time::{DAY_MS, SECOND_MS};
use store::rows::{
    attachments, conversations, downloads, external_messages, idempotency, inbound_seen, sends, sweeps,
    withdrawals,
};
use store::{Command, Ctx, Tx};

use super::steps::unless_damaged;
use crate::commands::message::delete_all;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::lifecycle;

/// The step that empties conversations.
const RETENTION: &str = "messages of apps with a retention";
/// The step that closes conversations.
const AUTO_CLOSE: &str = "idle conversations";
/// Conversations that are looked at in one statement.
const WINDOW_CONVERSATIONS: usize = 1_000;
/// Conversations of one slice; each changes a few rows.
const SLICE_CONVERSATIONS_MAX: usize = SWEEP_SLICE_ROWS_MAX / 5;

/// What stands in a table only for a time. Gives whether it may have left something.
pub(super) struct ExpireRows;

impl Command for ExpireRows {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let limit = SWEEP_SLICE_ROWS_MAX;
        bring_to_now(tx, ctx.now, limit).await?;
        let uploads =
            attachments::mark_unused(tx, ctx.now.plus(-UNUSED_UPLOAD_LIFE_MS), ctx.now, limit).await?;
        let requests = idempotency::forget(tx, ctx.now.plus(-IDEMPOTENCY_LIFE_MS), limit).await?;
        let seen = inbound_seen::forget(tx, ctx.now.plus(-INBOUND_SEEN_LIFE_MS), limit).await?;
        let before = ctx.now.plus(-EXTERNAL_MESSAGE_LIFE_MS);
        let external = external_messages::forget(tx, before, limit).await?;
        let offers = sends::forget_offers(tx, before, limit).await?;
        let most = [uploads, requests, seen, external, offers].into_iter().max().unwrap_or(0);
        Ok(most >= limit as u64)
    }
}

/// What was written while the clock was ahead: rows that would keep all behind them until then are of now,
/// and nothing waits longer than a pause can be.
async fn bring_to_now(tx: &mut Tx, now: Millis, limit: usize) -> Result<()> {
    inbound_seen::age(tx, now, limit).await?;
    external_messages::age(tx, now, limit).await?;
    sends::age_offers(tx, now, limit).await?;
    let latest = now.plus(ATTEMPT_PAUSE_MAX_MS);
    downloads::make_due(tx, latest, limit).await?;
    withdrawals::make_due(tx, latest, limit).await?;
    Ok(())
}

/// Messages of conversations that were idle for longer than their app keeps them. Gives that all are done.
struct ExpireMessages {
    app: AppKey,
    keep_ms: i64,
    idle: Vec<ConversationKey>,
}

impl Command for ExpireMessages {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let before = ctx.now.plus(-self.keep_ms);
        for key in &self.idle {
            let found = conversations::living_by_key(tx, self.app, *key).await?;
            // Somebody may have written meanwhile.
            let is_idle = |state: &ConversationState| state.count > 0 && state.last_at < Some(before);
            if let Some(conversation) = found.filter(|found| is_idle(&found.state)) {
                delete_all::delete_all(tx, conversation, ctx.now).await?;
            }
        }
        Ok(true)
    }
}

/// Closes conversations that were idle for longer than their app lets them stay open. Gives that all are
/// done.
struct CloseIdle {
    app: AppKey,
    idle_ms: i64,
    idle: Vec<ConversationKey>,
}

impl Command for CloseIdle {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let before = Some(ctx.now.plus(-self.idle_ms));
        for key in &self.idle {
            let found = conversations::living_by_key(tx, self.app, *key).await?;
            let is_idle = |state: &ConversationState| {
                state.closed_at.is_none() && state.last_at < before && state.opened_at < before
            };
            if let Some(mut conversation) = found.filter(|found| is_idle(&found.state)) {
                lifecycle::close(tx, ctx, &mut conversation).await?;
                conversations::save_state(tx, conversation.key, &conversation.state).await?;
            }
        }
        Ok(true)
    }
}

/// What is idle is looked for by readers, a window of conversations at a time, so that the one writer
/// gets only what there is to do.
impl Hub {
    /// Empties conversations whose messages their app has kept long enough.
    pub(super) async fn expire_messages(&self) -> Result<()> {
        let apps = sweeps::apps_with_retention(&mut *self.reader().await?).await?;
        for (app, settings) in apps {
            let Some(settings) = unless_damaged(RETENTION, app.0, settings)? else { continue };
            let seconds = settings.conversation_retention_seconds.unwrap_or(0);
            if seconds <= 0 {
                continue;
            }
            let keep_ms = seconds.saturating_mul(SECOND_MS);
            let mut after = Some(ConversationKey(0));
            while let Some(from) = after {
                let before = self.now().plus(-keep_ms);
                let mut reader = self.reader().await?;
                let (idle, last) =
                    conversations::idle_since(&mut reader, app, before, from, WINDOW_CONVERSATIONS).await?;
                drop(reader);
                for idle in idle.chunks(SLICE_CONVERSATIONS_MAX) {
                    let expire = |idle: &[_]| ExpireMessages { app, keep_ms, idle: idle.to_vec() };
                    self.run_for_each(RETENTION, idle, |key| key.0, expire).await?;
                }
                after = last;
            }
        }
        Ok(())
    }

    /// Closes conversations that their app does not let stay open any longer.
    pub(super) async fn close_idle(&self) -> Result<()> {
        let apps = sweeps::apps_with_auto_close(&mut *self.reader().await?).await?;
        for (app, settings) in apps {
            let Some(settings) = unless_damaged(AUTO_CLOSE, app.0, settings)? else { continue };
            let Some(days) = settings.auto_close_days.filter(|days| *days > 0) else { continue };
            let idle_ms = days.saturating_mul(DAY_MS);
            let mut after = Some(ConversationKey(0));
            while let Some(from) = after {
                let before = self.now().plus(-idle_ms);
                let mut reader = self.reader().await?;
                let looked_at = WINDOW_CONVERSATIONS;
                let (idle, last) =
                    conversations::open_and_idle_since(&mut reader, app, before, from, looked_at).await?;
                drop(reader);
                for idle in idle.chunks(SLICE_CONVERSATIONS_MAX) {
                    let close = |idle: &[_]| CloseIdle { app, idle_ms, idle: idle.to_vec() };
                    self.run_for_each(AUTO_CLOSE, idle, |key| key.0, close).await?;
                }
                after = last;
            }
        }
        Ok(())
    }
}
