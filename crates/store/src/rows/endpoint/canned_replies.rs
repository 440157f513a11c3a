//! Canned replies: what agents send by name.

use model::Id;
use model::record::{AppKey, CannedReply, ReplyKind, Role};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

fn reply(row: &Row<'_>) -> Result<CannedReply> {
    Ok(CannedReply {
        id: row.id(0)?,
        app: AppKey(row.int(1)?),
        name: row.text(2)?,
        category: row.opt_text(3)?,
        description: row.opt_text(4)?,
        receiver: row.code(5, Role::from_code)?,
        kind: row.code(6, ReplyKind::from_code)?,
        items: row.json(7)?,
        created_at: row.time(8)?,
    })
}

/// The columns of a canned reply; the condition follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, app, name, category, description, receiver, kind, items, created_at FROM canned_replies WHERE ",
            $rest
        )
    };
}

/// A canned reply by its id, of whatever app.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<CannedReply>> {
    read.one(select!("id = $1"), params![id], reply).await
}

/// A canned reply of an app by its name.
pub async fn by_name(read: &mut Read, app: AppKey, name: &str) -> Result<Option<CannedReply>> {
    read.one(select!("app = $1 AND name = $2"), params![app, name], reply).await
}

/// Up to `limit` canned replies of an app, by name.
pub async fn of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<CannedReply>> {
    read.all(select!("app = $1 ORDER BY name LIMIT $2"), params![app, limit as i64], reply).await
}

/// How many an app has.
pub async fn count(read: &mut Read, app: AppKey) -> Result<i64> {
    read.number("SELECT count(*) FROM canned_replies WHERE app = $1", params![app]).await
}

/// Adds a canned reply, or saves it anew.
pub async fn save(tx: &mut Tx, reply: &CannedReply) -> Result<()> {
    tx.change(
        "INSERT INTO canned_replies (id, app, name, category, description, receiver, kind, items, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET name = $3, category = $4, \
         description = $5, receiver = $6, kind = $7, items = $8",
        params![
            reply.id,
            reply.app,
            reply.name,
            reply.category,
            reply.description,
            reply.receiver as i64,
            reply.kind as i64,
            Json(&reply.items),
            reply.created_at,
        ],
    )
    .await?;
    Ok(())
}

/// Removes a canned reply.
pub async fn remove(tx: &mut Tx, id: Id) -> Result<()> {
    tx.change("DELETE FROM canned_replies WHERE id = $1", params![id]).await?;
    Ok(())
}
