//! Apps.

use model::Id;
use model::record::{AccountKey, App, AppKey};

use crate::error::Result;
use crate::tx::Read;
use crate::value::{Row, params};

fn app(row: &Row<'_>) -> Result<App> {
    Ok(App {
        key: AppKey(row.int(0)?),
        id: row.id(1)?,
        account: AccountKey(row.int(2)?),
        name: row.text(3)?,
        settings: row.json(4)?,
        metadata: row.json(5)?,
        created_at: row.time(6)?,
    })
}

/// An app that is not deleted.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<App>> {
    read.one(
        "SELECT k, id, account, name, settings, metadata, created_at FROM apps WHERE id = $1 AND deleted_at IS NULL",
        params![id],
        app,
    )
    .await
}

/// An app that is not deleted.
pub async fn by_key(read: &mut Read, key: AppKey) -> Result<Option<App>> {
    read.one(
        "SELECT k, id, account, name, settings, metadata, created_at FROM apps WHERE k = $1 AND deleted_at IS NULL",
        params![key],
        app,
    )
    .await
}
