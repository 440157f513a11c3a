//! Removes what has had its time, and closes what was idle: messages, uploads without a message, remembered requests, settled
//! events, rows of deleted conversations.

use model::Millis;
use model::limits::{
    EXTERNAL_MESSAGE_LIFE_MS, IDEMPOTENCY_LIFE_MS, INBOUND_SEEN_LIFE_MS, SWEEP_SLICE_ROWS_MAX,
    UNUSED_UPLOAD_LIFE_MS,
};
use model::record::{AppKey, ConversationKey};
use store::rows::{attachments, conversations, deliveries, external_messages, idempotency, sends, sweeps};
use store::{Command, Ctx, Tx};

use crate::commands::message::delete_all;
use crate::error::{HubError, Result};
use crate::rules::lifecycle;

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
        let seen = external_messages::forget_keys(tx, ctx.now.plus(-INBOUND_SEEN_LIFE_MS), limit).await?;
        let before = ctx.now.plus(-EXTERNAL_MESSAGE_LIFE_MS);
        let external = external_messages::forget(tx, before, limit).await?;
        let offers = sends::forget_offers(tx, before, limit).await?;
        let most = [uploads, requests, seen, external, offers].into_iter().max().unwrap_or(0);
        Ok(most >= limit as u64)
    }
}

/// A window of events. Gives the number behind which to look next.
pub(super) struct ExpireEvents {
    pub after: i64,
    pub retention_ms: i64,
}

impl Command for ExpireEvents {
    type Out = Option<i64>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<i64>> {
        let before = ctx.now.plus(-self.retention_ms);
        Ok(deliveries::forget_events(tx, before, self.after, SWEEP_SLICE_ROWS_MAX).await?)
    }
}

/// Rows of conversations whose last events are long settled.
pub(super) struct ExpireConversations {
    pub retention_ms: i64,
}

impl Command for ExpireConversations {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let before = ctx.now.plus(-self.retention_ms);
        let old = sweeps::deleted_conversations(tx, before, SWEEP_SLICE_ROWS_MAX).await?;
        for key in &old {
            conversations::remove(tx, *key).await?;
        }
        Ok(old.len() >= SWEEP_SLICE_ROWS_MAX)
    }
}

/// Messages of conversations that were idle for longer than their app keeps them. Gives the
/// conversation behind which to look next.
pub(super) struct ExpireMessages {
    pub app: AppKey,
    pub keep_ms: i64,
    pub after: ConversationKey,
}

impl Command for ExpireMessages {
    type Out = Option<ConversationKey>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<ConversationKey>> {
        let before: Millis = ctx.now.plus(-self.keep_ms);
        let limit = SWEEP_SLICE_ROWS_MAX / 5;
        let idle = conversations::idle_since(tx, self.app, before, self.after, limit).await?;
        for key in &idle {
            if let Some(conversation) = conversations::by_key(tx, *key).await? {
                delete_all::delete_all(tx, conversation, ctx.now).await?;
            }
        }
        Ok(idle.last().copied().filter(|_| idle.len() >= limit))
    }
}

/// Closes conversations that were idle for longer than their app lets them stay open. Gives the
/// conversation behind which to look next.
pub(super) struct CloseIdle {
    pub app: AppKey,
    pub idle_ms: i64,
    pub after: ConversationKey,
}

impl Command for CloseIdle {
    type Out = Option<ConversationKey>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<ConversationKey>> {
        let before: Millis = ctx.now.plus(-self.idle_ms);
        let limit = SWEEP_SLICE_ROWS_MAX / 5;
        let idle = conversations::open_and_idle_since(tx, self.app, before, self.after, limit).await?;
        let last = idle.last().map(|conversation| conversation.key).filter(|_| idle.len() >= limit);
        for mut conversation in idle {
            lifecycle::close(tx, ctx, self.app, &mut conversation).await?;
            conversations::save_state(tx, conversation.key, &conversation.state).await?;
        }
        Ok(last)
    }
}
