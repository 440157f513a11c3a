//! Attachments: rows about files. The file is durable before its row.

use model::record::{Access, AppKey, Attachment, AttachmentKey, ConversationKey, MessageKey};
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn access(code: i64) -> Option<Access> {
    [Access::Public, Access::Private].into_iter().find(|access| *access as i64 == code)
}

fn attachment(row: &Row<'_>) -> Result<Attachment> {
    Ok(Attachment {
        key: AttachmentKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        conversation: row.opt_int(3)?.map(ConversationKey),
        for_message: row.bool(4)?,
        token: row.text(5)?,
        name: row.text(6)?,
        media_type: row.text(7)?,
        size: row.int(8)?,
        access: row.code(9, access)?,
        created_at: row.time(10)?,
    })
}

/// The attachment of a URL, of whatever app: downloads know no app.
pub async fn by_token(read: &mut Read, token: &str) -> Result<Option<Attachment>> {
    read.one(
        "SELECT k, id, app, conversation, for_message, token, name, media_type, size, access, created_at \
         FROM attachments WHERE token = $1 AND deleted_at IS NULL",
        params![token],
        attachment,
    )
    .await
}

/// Notes what a fetched file turned out to be.
pub async fn describe(tx: &mut Tx, key: AttachmentKey, media_type: &str, size: i64) -> Result<()> {
    let sql = "UPDATE attachments SET media_type = $2, size = $3 WHERE k = $1";
    tx.change(sql, params![key, media_type, size]).await?;
    Ok(())
}

/// Adds a row; the attachment's `key` is ignored.
pub async fn insert(tx: &mut Tx, new: &Attachment) -> Result<AttachmentKey> {
    let key = tx
        .insert(
            "INSERT INTO attachments (id, app, conversation, for_message, token, name, media_type, size, \
             access, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                new.id,
                new.app,
                new.conversation,
                new.for_message,
                new.token,
                new.name,
                new.media_type,
                new.size,
                new.access as i64,
                new.created_at,
            ],
        )
        .await?;
    Ok(AttachmentKey(key))
}

/// Notes that a message shows an attachment. Gives whether the attachment is still there.
pub async fn bind(tx: &mut Tx, token: &str, message: MessageKey) -> Result<bool> {
    let sql = "UPDATE attachments SET used = 1 WHERE token = $1 AND deleted_at IS NULL";
    if tx.change(sql, params![token]).await? == 0 {
        return Ok(false);
    }
    // A message may show it twice.
    tx.change(
        "INSERT INTO attachment_uses (attachment, message) SELECT k, $2 FROM attachments \
         WHERE token = $1 AND for_message = 1 ON CONFLICT DO NOTHING",
        params![token, message],
    )
    .await?;
    Ok(true)
}

/// Marks an attachment as deleted; the sweeper removes its file.
pub async fn mark_deleted(tx: &mut Tx, key: AttachmentKey, now: Millis) -> Result<()> {
    tx.change("UPDATE attachments SET deleted_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// Marks what goes with a message and is shown by no other.
pub async fn mark_deleted_with_message(tx: &mut Tx, message: MessageKey, now: Millis) -> Result<()> {
    let sql = "SELECT attachment FROM attachment_uses WHERE message = $1";
    let shown = tx.all(sql, params![message], |row| Ok(AttachmentKey(row.int(0)?))).await?;
    for attachment in shown {
        tx.change(
            "DELETE FROM attachment_uses WHERE attachment = $1 AND message = $2",
            params![attachment, message],
        )
        .await?;
        tx.change(
            "UPDATE attachments SET deleted_at = $2 WHERE k = $1 AND deleted_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM attachment_uses WHERE attachment = $1)",
            params![attachment, now],
        )
        .await?;
    }
    Ok(())
}

/// Marks up to `limit` attachments that were meant for a conversation and that no message has shown; gives
/// how many. The others go with the last message that shows them.
pub async fn mark_deleted_with_conversation(
    tx: &mut Tx,
    conversation: ConversationKey,
    now: Millis,
    limit: usize,
) -> Result<u64> {
    tx.change(
        "UPDATE attachments SET deleted_at = $2 WHERE k IN (SELECT k FROM attachments \
         WHERE conversation = $1 AND for_message = 1 AND used = 0 AND deleted_at IS NULL LIMIT $3)",
        params![conversation, now, limit as i64],
    )
    .await
}

/// Marks up to `limit` attachments of an app; gives how many.
pub async fn mark_deleted_with_app(tx: &mut Tx, app: AppKey, now: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "UPDATE attachments SET deleted_at = $2 WHERE k IN (SELECT k FROM attachments \
         WHERE app = $1 AND deleted_at IS NULL LIMIT $3)",
        params![app, now, limit as i64],
    )
    .await
}

/// Marks up to `limit` uploads that were meant for a message and have found none since `before`.
pub async fn mark_unused(tx: &mut Tx, before: Millis, now: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "UPDATE attachments SET deleted_at = $2 WHERE k IN (SELECT k FROM attachments \
         WHERE for_message = 1 AND used = 0 AND deleted_at IS NULL AND created_at < $1 LIMIT $3)",
        params![before, now, limit as i64],
    )
    .await
}

/// Up to `limit` attachments whose file is to be removed, behind one of them: key and token.
pub async fn deleted(
    read: &mut Read,
    after: AttachmentKey,
    limit: usize,
) -> Result<Vec<(AttachmentKey, String)>> {
    let sql = "SELECT k, token FROM attachments WHERE deleted_at IS NOT NULL AND k > $1 ORDER BY k LIMIT $2";
    read.all(sql, params![after, limit as i64], |row| Ok((AttachmentKey(row.int(0)?), row.text(1)?))).await
}

/// Removes a row whose file is gone, and up to `limit` notes of messages that showed it; the row stays while
/// there may be more of them. Gives how many rows went.
pub async fn remove(tx: &mut Tx, key: AttachmentKey, limit: usize) -> Result<usize> {
    let uses = tx
        .change(
            "DELETE FROM attachment_uses WHERE attachment = $1 AND message IN \
             (SELECT message FROM attachment_uses WHERE attachment = $1 LIMIT $2)",
            params![key, limit as i64],
        )
        .await? as usize;
    if uses >= limit {
        return Ok(uses);
    }
    tx.change("DELETE FROM attachments WHERE k = $1", params![key]).await?;
    Ok(uses + 1)
}

/// Whether a file has a row, deleted or not: one without is an orphan.
pub async fn token_exists(read: &mut Read, token: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM attachments WHERE token = $1";
    Ok(read.one(sql, params![token], |_| Ok(())).await?.is_some())
}

/// The id of an attachment's app, for callers that come by URL only.
pub async fn app_id_of(read: &mut Read, app: AppKey) -> Result<Option<Id>> {
    read.one("SELECT id FROM apps WHERE k = $1", params![app], |row| row.id(0)).await
}
