//! Conversations that a customer has opened and that nobody may have answered yet.

use model::Millis;
use model::record::ConversationKey;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::params;

/// A conversation that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwaitedAnswer {
    /// The conversation.
    pub conversation: ConversationKey,
    /// When the customer opened it.
    pub opened_at: Millis,
    /// When it has waited for too long.
    pub due_at: Millis,
}

/// Notes that a conversation waits; one that waited before waits from now on.
pub async fn put(tx: &mut Tx, awaited: &AwaitedAnswer) -> Result<()> {
    let sql = "INSERT INTO awaited_answers (conversation, opened_at, due_at) VALUES ($1, $2, $3) \
               ON CONFLICT (conversation) DO UPDATE SET opened_at = excluded.opened_at, due_at = excluded.due_at";
    tx.change(sql, params![awaited.conversation, awaited.opened_at, awaited.due_at]).await?;
    Ok(())
}

/// Up to `limit` conversations that have waited for too long, the longest first.
pub async fn due(read: &mut Read, now: Millis, limit: usize) -> Result<Vec<AwaitedAnswer>> {
    let sql = "SELECT conversation, opened_at, due_at FROM awaited_answers WHERE due_at <= $1 \
               ORDER BY due_at LIMIT $2";
    read.all(sql, params![now, limit as i64], |row| {
        Ok(AwaitedAnswer {
            conversation: ConversationKey(row.int(0)?),
            opened_at: row.time(1)?,
            due_at: row.time(2)?,
        })
    })
    .await
}

/// A conversation has become part of another one, which waits in its place; of two that waited, the one that
/// was opened last counts.
pub async fn hand_on(tx: &mut Tx, from: ConversationKey, to: ConversationKey) -> Result<()> {
    let sql = "INSERT INTO awaited_answers (conversation, opened_at, due_at) \
               SELECT CAST($2 AS BIGINT), opened_at, due_at FROM awaited_answers WHERE conversation = $1 \
               ON CONFLICT (conversation) DO UPDATE SET opened_at = excluded.opened_at, due_at = excluded.due_at \
               WHERE excluded.opened_at > awaited_answers.opened_at";
    tx.change(sql, params![from, to]).await?;
    remove(tx, from).await
}

/// A conversation waits no more.
pub async fn remove(tx: &mut Tx, conversation: ConversationKey) -> Result<()> {
    tx.change("DELETE FROM awaited_answers WHERE conversation = $1", params![conversation]).await?;
    Ok(())
}
