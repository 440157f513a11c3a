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
        message: row.opt_int(4)?.map(MessageKey),
        for_message: row.bool(5)?,
        token: row.text(6)?,
        name: row.text(7)?,
        media_type: row.text(8)?,
        size: row.int(9)?,
        access: row.code(10, access)?,
        created_at: row.time(11)?,
    })
}

/// The attachment of a URL, of whatever app: downloads know no app.
pub async fn by_token(read: &mut Read, token: &str) -> Result<Option<Attachment>> {
    read.one(
        "SELECT k, id, app, conversation, message, for_message, token, name, media_type, size, access, created_at \
         FROM attachments WHERE token = $1 AND deleted_at IS NULL",
        params![token],
        attachment,
    )
    .await
}

/// Adds a row; the attachment's `key` is ignored.
pub async fn insert(tx: &mut Tx, new: &Attachment) -> Result<AttachmentKey> {
    let key = tx
        .insert(
            "INSERT INTO attachments (id, app, conversation, message, for_message, token, name, media_type, size, \
             access, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                new.id,
                new.app,
                new.conversation,
                new.message,
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

/// Binds an attachment to the message that shows it.
pub async fn bind(
    tx: &mut Tx,
    token: &str,
    conversation: ConversationKey,
    message: MessageKey,
) -> Result<()> {
    tx.change(
        "UPDATE attachments SET message = $2, conversation = coalesce(conversation, $3) \
         WHERE token = $1 AND message IS NULL",
        params![token, message, conversation],
    )
    .await?;
    Ok(())
}

/// Marks an attachment as deleted; the sweeper removes its file.
pub async fn mark_deleted(tx: &mut Tx, key: AttachmentKey, now: Millis) -> Result<()> {
    tx.change("UPDATE attachments SET deleted_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// Marks what goes with a message.
pub async fn mark_deleted_with_message(tx: &mut Tx, message: MessageKey, now: Millis) -> Result<()> {
    tx.change(
        "UPDATE attachments SET deleted_at = $2 WHERE message = $1 AND for_message = 1 AND deleted_at IS NULL",
        params![message, now],
    )
    .await?;
    Ok(())
}

/// Marks up to `limit` attachments that go with a conversation; gives how many.
pub async fn mark_deleted_with_conversation(
    tx: &mut Tx,
    conversation: ConversationKey,
    now: Millis,
    limit: usize,
) -> Result<u64> {
    tx.change(
        "UPDATE attachments SET deleted_at = $2 WHERE k IN (SELECT k FROM attachments \
         WHERE conversation = $1 AND for_message = 1 AND deleted_at IS NULL LIMIT $3)",
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
         WHERE for_message = 1 AND message IS NULL AND deleted_at IS NULL AND created_at < $1 LIMIT $3)",
        params![before, now, limit as i64],
    )
    .await
}

/// Attachments whose file is to be removed: key and token.
pub async fn deleted(read: &mut Read, limit: usize) -> Result<Vec<(AttachmentKey, String)>> {
    let sql = "SELECT k, token FROM attachments WHERE deleted_at IS NOT NULL ORDER BY k LIMIT $1";
    read.all(sql, params![limit as i64], |row| Ok((AttachmentKey(row.int(0)?), row.text(1)?))).await
}

/// Removes a row whose file is gone.
pub async fn remove(tx: &mut Tx, key: AttachmentKey) -> Result<()> {
    tx.change("DELETE FROM attachments WHERE k = $1", params![key]).await?;
    Ok(())
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
