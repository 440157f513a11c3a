//! Transfer links: where agents send a customer by name.

use model::Id;
use model::record::{AppKey, TransferLink};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn link(row: &Row<'_>) -> Result<TransferLink> {
    Ok(TransferLink {
        id: row.id(0)?,
        app: AppKey(row.int(1)?),
        name: row.text(2)?,
        description: row.opt_text(3)?,
        url: row.text(4)?,
        label: row.text(5)?,
        mount_delay_ms: row.int(6)?,
        created_at: row.time(7)?,
    })
}

/// The columns of a transfer link; the condition follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, app, name, description, url, label, mount_delay_ms, created_at FROM transfer_links WHERE ",
            $rest
        )
    };
}

/// A transfer link by its id, of whatever app.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<TransferLink>> {
    read.one(select!("id = $1"), params![id], link).await
}

/// A transfer link of an app by its name.
pub async fn by_name(read: &mut Read, app: AppKey, name: &str) -> Result<Option<TransferLink>> {
    read.one(select!("app = $1 AND name = $2"), params![app, name], link).await
}

/// Up to `limit` transfer links of an app, by name.
pub async fn of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<TransferLink>> {
    read.all(select!("app = $1 ORDER BY name LIMIT $2"), params![app, limit as i64], link).await
}

/// How many an app has.
pub async fn count(read: &mut Read, app: AppKey) -> Result<i64> {
    read.number("SELECT count(*) FROM transfer_links WHERE app = $1", params![app]).await
}

/// Adds a transfer link, or saves it anew.
pub async fn save(tx: &mut Tx, link: &TransferLink) -> Result<()> {
    tx.change(
        "INSERT INTO transfer_links (id, app, name, description, url, label, mount_delay_ms, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET name = $3, description = $4, \
         url = $5, label = $6, mount_delay_ms = $7",
        params![
            link.id,
            link.app,
            link.name,
            link.description,
            link.url,
            link.label,
            link.mount_delay_ms,
            link.created_at,
        ],
    )
    .await?;
    Ok(())
}

/// Removes a transfer link.
pub async fn remove(tx: &mut Tx, id: Id) -> Result<()> {
    tx.change("DELETE FROM transfer_links WHERE id = $1", params![id]).await?;
    Ok(())
}
