//! Apps. A deleted one keeps its row until the sweeper has removed what hangs below it.

use model::record::{AccountKey, App, AppKey, AppSettings};
use model::{Id, Millis};

use super::Seek;
use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

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

/// The columns of an app; the condition follows. Deleted ones are not found.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k, id, account, name, settings, metadata, created_at FROM apps WHERE deleted_at IS NULL AND ",
            $rest
        )
    };
}

/// An app that is not deleted.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<App>> {
    read.one(select!("id = $1"), params![id], app).await
}

/// An app that is not deleted.
pub async fn by_key(read: &mut Read, key: AppKey) -> Result<Option<App>> {
    read.one(select!("k = $1"), params![key], app).await
}

/// Up to `limit` apps of an account, in the order of `seek`.
pub async fn page(read: &mut Read, account: AccountKey, seek: Seek, limit: usize) -> Result<Vec<App>> {
    let limit = limit as i64;
    match seek {
        Seek::After(id) => {
            let sql = select!("account = $1 AND id > $2 ORDER BY id LIMIT $3");
            read.all(sql, params![account, id, limit], app).await
        }
        Seek::Before(id) => {
            let sql = select!("account = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
            read.all(sql, params![account, id, limit], app).await
        }
    }
}

/// The apps that are paused; one whose settings cannot be read is not. Their settings are read for it, so
/// this is no hot path.
pub async fn paused(read: &mut Read) -> Result<Vec<AppKey>> {
    let sql = "SELECT k, settings FROM apps WHERE deleted_at IS NULL AND settings LIKE '%\"paused\":true%'";
    let found = read
        .all_readable("app", sql, params![], |row| Ok((AppKey(row.int(0)?), row.json::<AppSettings>(1)?)))
        .await?;
    Ok(found.into_iter().filter(|(_, settings)| settings.paused).map(|(key, _)| key).collect())
}

/// Whether an account has an app of this name other than `own`.
pub async fn name_is_taken(
    read: &mut Read,
    account: AccountKey,
    name: &str,
    own: Option<AppKey>,
) -> Result<bool> {
    let sql = "SELECT 1 FROM apps WHERE account = $1 AND name = $2 AND deleted_at IS NULL \
               AND ($3 IS NULL OR k <> $3) LIMIT 1";
    Ok(read.number(sql, params![account, name, own]).await? != 0)
}

/// Adds an app; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, app: &App) -> Result<AppKey> {
    tx.settings_change();
    let sql = "INSERT INTO apps (id, account, name, settings, metadata, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let (settings, metadata) = (Json(&app.settings), Json(&app.metadata));
    tx.insert(sql, params![app.id, app.account, app.name, settings, metadata, app.created_at])
        .await
        .map(AppKey)
}

/// Notes that an app was changed by its owner.
pub async fn touch(tx: &mut Tx, key: AppKey, now: Millis) -> Result<()> {
    tx.change("UPDATE apps SET modified_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// When an app was last changed by its owner, or made.
pub async fn modified_at(read: &mut Read, key: AppKey) -> Result<Option<Millis>> {
    let sql = "SELECT COALESCE(modified_at, created_at) FROM apps WHERE k = $1";
    read.one(sql, params![key], |row| row.time(0)).await
}

/// Saves name, settings and metadata of an app.
pub async fn update(tx: &mut Tx, app: &App) -> Result<()> {
    tx.audience_changes();
    tx.settings_change();
    let sql = "UPDATE apps SET name = $2, settings = $3, metadata = $4 WHERE k = $1";
    tx.change(sql, params![app.key, app.name, Json(&app.settings), Json(&app.metadata)]).await?;
    Ok(())
}

/// An app is gone from now on.
pub async fn mark_deleted(tx: &mut Tx, key: AppKey, now: Millis) -> Result<()> {
    tx.audience_changes();
    tx.keys_change();
    tx.settings_change();
    tx.change("UPDATE apps SET deleted_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}
