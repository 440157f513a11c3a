//! Media that are still to be fetched from their provider.

use model::Millis;
use model::channel::InboundMedia;
use model::record::{AttachmentKey, IntegrationKey, MessageKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// A medium that is still to be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Download {
    /// Key inside the store.
    pub key: i64,
    /// Whose provider has it.
    pub integration: IntegrationKey,
    /// The message that shows it.
    pub message: MessageKey,
    /// The attachment that it becomes.
    pub attachment: AttachmentKey,
    /// The random part of the attachment's address.
    pub token: String,
    /// What the channel needs to fetch it.
    pub medium: InboundMedia,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is due.
    pub next_at: Millis,
    /// When it was asked for.
    pub created_at: Millis,
}

fn download(row: &Row<'_>) -> Result<Download> {
    Ok(Download {
        key: row.int(0)?,
        integration: IntegrationKey(row.int(1)?),
        message: MessageKey(row.int(2)?),
        attachment: AttachmentKey(row.int(3)?),
        token: row.text(4)?,
        medium: row.json(5)?,
        attempts: row.int(6)?,
        next_at: row.time(7)?,
        created_at: row.time(8)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k, integration, message, attachment, token, medium, attempts, next_at, created_at \
             FROM downloads ",
            $rest
        )
    };
}

/// Adds one; its `key` is ignored.
pub async fn insert(tx: &mut Tx, new: &Download) -> Result<i64> {
    tx.insert(
        "INSERT INTO downloads (integration, message, attachment, token, medium, attempts, next_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            new.integration,
            new.message,
            new.attachment,
            new.token,
            Json(&new.medium),
            new.attempts,
            new.next_at,
            new.created_at,
        ],
    )
    .await
}

/// Up to `limit` that are due, the longest waiting first; of each integration at most `share`.
pub async fn due(read: &mut Read, now: Millis, share: usize, limit: usize) -> Result<Vec<Download>> {
    let sql = "SELECT k, integration, message, attachment, token, medium, attempts, next_at, created_at FROM \
               (SELECT k, integration, message, attachment, token, medium, attempts, next_at, created_at, \
               row_number() OVER (PARTITION BY integration ORDER BY next_at, k) AS place \
               FROM downloads WHERE next_at <= $1) AS waiting \
               WHERE place <= $2 ORDER BY next_at, k LIMIT $3";
    read.all_readable("download", sql, params![now, share as i64, limit as i64], download).await
}

/// Makes up to `limit` of those that are due later due at `at`, those first that are nearest to it.
pub async fn make_due(tx: &mut Tx, at: Millis, limit: usize) -> Result<()> {
    let sql = "UPDATE downloads SET next_at = $1 WHERE k IN \
               (SELECT k FROM downloads WHERE next_at > $1 ORDER BY next_at LIMIT $2)";
    tx.change(sql, params![at, limit as i64]).await?;
    Ok(())
}

/// One that is still to be fetched.
pub async fn by_key(read: &mut Read, key: i64) -> Result<Option<Download>> {
    read.one(select!("WHERE k = $1"), params![key], download).await
}

/// Whether the file of an attachment is still to be fetched.
pub async fn is_waiting(read: &mut Read, token: &str) -> Result<bool> {
    Ok(read.number("SELECT 1 FROM downloads WHERE token = $1", params![token]).await? != 0)
}

/// Whether a message still waits for a medium.
pub async fn has_waiting(read: &mut Read, message: MessageKey) -> Result<bool> {
    Ok(read.number("SELECT 1 FROM downloads WHERE message = $1 LIMIT 1", params![message]).await? != 0)
}

/// It is tried again later.
pub async fn postpone(tx: &mut Tx, key: i64, attempts: i64, next_at: Millis) -> Result<()> {
    let sql = "UPDATE downloads SET attempts = $2, next_at = $3 WHERE k = $1";
    tx.change(sql, params![key, attempts, next_at]).await?;
    Ok(())
}

/// It is done, or given up.
pub async fn remove(tx: &mut Tx, key: i64) -> Result<()> {
    tx.change("DELETE FROM downloads WHERE k = $1", params![key]).await?;
    Ok(())
}
