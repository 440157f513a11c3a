//! Integrations that are being set up at their provider. Nobody sees them.

use model::content::Metadata;
use model::record::AppKey;
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// An integration that is being set up.
#[derive(Clone, PartialEq)]
pub struct Provisioning {
    /// The id that the integration gets.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Its type.
    pub kind: String,
    /// Its settings that may be shown.
    pub config: Metadata,
    /// The others, sealed.
    pub sealed_secrets: Option<Vec<u8>>,
    /// When it began.
    pub began_at: Millis,
}

fn provisioning(row: &Row<'_>) -> Result<Provisioning> {
    Ok(Provisioning {
        id: row.id(0)?,
        app: AppKey(row.int(1)?),
        kind: row.text(2)?,
        config: row.json(3)?,
        sealed_secrets: row.opt_bytes(4)?,
        began_at: row.time(5)?,
    })
}

/// Notes that one begins.
pub async fn insert(tx: &mut Tx, new: &Provisioning) -> Result<()> {
    tx.insert(
        "INSERT INTO provisionings (id, app, kind, config, sealed_secrets, began_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![new.id, new.app, new.kind, Json(&new.config), new.sealed_secrets, new.began_at],
    )
    .await?;
    Ok(())
}

/// Up to `limit` of them, the oldest first.
pub async fn all(read: &mut Read, limit: usize) -> Result<Vec<Provisioning>> {
    let sql = "SELECT id, app, kind, config, sealed_secrets, began_at FROM provisionings ORDER BY k LIMIT $1";
    read.all(sql, params![limit as i64], provisioning).await
}

/// One of them.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<Provisioning>> {
    let sql = "SELECT id, app, kind, config, sealed_secrets, began_at FROM provisionings WHERE id = $1";
    read.one(sql, params![id], provisioning).await
}

/// It is set up, or undone. Gives whether it was there.
pub async fn remove(tx: &mut Tx, id: Id) -> Result<bool> {
    Ok(tx.change("DELETE FROM provisionings WHERE id = $1", params![id]).await? != 0)
}
