//! Removes what has had its time, and closes what was idle: messages, uploads without a message, remembered requests, settled
//! events, rows of deleted conversations.

use model::Millis;
use model::limits::{
    EXTERNAL_MESSAGE_LIFE_MS, IDEMPOTENCY_LIFE_MS, INBOUND_SEEN_LIFE_MS, SWEEP_SLICE_ROWS_MAX,
    UNUSED_UPLOAD_LIFE_MS,
};
use model::record::{AppKey, ConversationKey, ConversationState};
use model::time::{DAY_MS, SECOND_MS};
use store::rows::{
    attachments, conversations, deliveries, external_messages, idempotency, inbound_seen, sends, sweeps,
};
use store::{Command, Ctx, Tx};

use super::conversation::remove_rows;
use crate::commands::message::delete_all;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::lifecycle;

/// Conversations that are looked at in one statement.
const WINDOW_CONVERSATIONS: usize = 1_000;
/// Events that are looked at in one statement.
const WINDOW_EVENTS: usize = 5_000;
/// Conversations of one slice; each changes a few rows.
const SLICE_CONVERSATIONS_MAX: usize = SWEEP_SLICE_ROWS_MAX / 5;

/// What stands in a table only for a time. Gives whether it may have left something.
pub(super) struct ExpireRows;

impl Command for ExpireRows {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let limit = SWEEP_SLICE_ROWS_MAX;
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

/// Events that were kept long enough and that nobody has still to get: once that is so, it stays so.
struct ForgetEvents(Vec<i64>);

impl Command for ForgetEvents {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for event in &self.0 {
            deliveries::forget_event(tx, *event).await?;
        }
        Ok(())
    }
}

/// Rows of deleted conversations that no event tells of any more. Gives whether all of them are gone.
struct RemoveConversations(Vec<ConversationKey>);

impl Command for RemoveConversations {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let mut left = SWEEP_SLICE_ROWS_MAX;
        for key in &self.0 {
            // Something may have been told meanwhile.
            if sweeps::is_untold(tx, *key).await? {
                remove_rows(tx, *key, &mut left).await?;
            }
            if left == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Messages of conversations that were idle for longer than their app keeps them.
struct ExpireMessages {
    app: AppKey,
    keep_ms: i64,
    idle: Vec<ConversationKey>,
}

impl Command for ExpireMessages {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let before = ctx.now.plus(-self.keep_ms);
        for key in &self.idle {
            let found = conversations::living_by_key(tx, self.app, *key).await?;
            // Somebody may have written meanwhile.
            let is_idle = |state: &ConversationState| state.count > 0 && state.last_at < Some(before);
            if let Some(conversation) = found.filter(|found| is_idle(&found.state)) {
                delete_all::delete_all(tx, conversation, ctx.now).await?;
            }
        }
        Ok(())
    }
}

/// Closes conversations that were idle for longer than their app lets them stay open.
struct CloseIdle {
    app: AppKey,
    idle_ms: i64,
    idle: Vec<ConversationKey>,
}

impl Command for CloseIdle {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let before = Some(ctx.now.plus(-self.idle_ms));
        for key in &self.idle {
            let found = conversations::living_by_key(tx, self.app, *key).await?;
            let is_idle = |state: &ConversationState| {
                state.closed_at.is_none() && state.last_at < before && state.opened_at < before
            };
            if let Some(mut conversation) = found.filter(|found| is_idle(&found.state)) {
                lifecycle::close(tx, ctx, self.app, &mut conversation).await?;
                conversations::save_state(tx, conversation.key, &conversation.state).await?;
            }
        }
        Ok(())
    }
}

/// What is idle is looked for by readers, a window of conversations at a time, so that the one writer
/// gets only what there is to do.
impl Hub {
    /// Empties conversations whose messages their app has kept long enough.
    pub(super) async fn expire_messages(&self) -> Result<()> {
        let apps = sweeps::apps_with_retention(&mut *self.reader().await?).await?;
        for (app, settings) in apps {
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
                    self.run(ExpireMessages { app, keep_ms, idle: idle.to_vec() }).await?;
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
                    self.run(CloseIdle { app, idle_ms, idle: idle.to_vec() }).await?;
                }
                after = last;
            }
        }
        Ok(())
    }

    /// Forgets events that were kept long enough, and then conversations that none of them tells of.
    pub(super) async fn expire_settled(&self) -> Result<()> {
        let retention_ms = self.settings().event_retention_ms;
        self.expire_events(self.now().plus(-retention_ms)).await?;
        let mut after = Some((Millis(i64::MIN), ConversationKey(0)));
        while let Some(from) = after {
            let before = self.now().plus(-retention_ms);
            let mut reader = self.reader().await?;
            let found =
                sweeps::deleted_conversations(&mut reader, before, from, SWEEP_SLICE_ROWS_MAX).await?;
            drop(reader);
            let last = found.last().filter(|_| found.len() >= SWEEP_SLICE_ROWS_MAX);
            after = last.map(|last| (last.deleted_at, last.key));
            let untold: Vec<_> = found.iter().filter(|found| found.untold).map(|found| found.key).collect();
            while !untold.is_empty() && !self.run(RemoveConversations(untold.clone())).await? {}
        }
        Ok(())
    }

    /// Forgets events from before a moment, as far as each app's own receivers have come.
    async fn expire_events(&self, before: Millis) -> Result<()> {
        let (mut after, mut first_awaited) = (0, None);
        loop {
            let mut reader = self.reader().await?;
            let mut window = deliveries::leaving(&mut reader, after, WINDOW_EVENTS).await?;
            let is_last = window.len() < WINDOW_EVENTS;
            let old = window.iter().take_while(|leaving| leaving.at < before).count();
            let is_last = is_last || old < window.len();
            window.truncate(old);
            let Some(last) = window.last() else { return Ok(()) };
            after = last.event;
            let first_awaited = match &first_awaited {
                Some(known) => known,
                None => first_awaited.insert(deliveries::first_awaited(&mut reader).await?),
            };
            drop(reader);
            window
                .retain(|leaving| first_awaited.get(&leaving.app).is_none_or(|first| leaving.event < *first));
            for leaving in window.chunks(SWEEP_SLICE_ROWS_MAX) {
                self.run(ForgetEvents(leaving.iter().map(|leaving| leaving.event).collect())).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }
}
