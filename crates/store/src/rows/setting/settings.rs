//! Settings of apps: keys with values.

use model::record::{AppKey, SubscriptionKey};
use model::setting::{Notice, Setting};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn setting(row: &Row<'_>) -> Result<Setting> {
    Ok(Setting { key: row.text(0)?, value: row.text(1)?, updated_at: row.time(2)? })
}

/// A setting of an app.
pub async fn by_key(read: &mut Read, app: AppKey, key: &str) -> Result<Option<Setting>> {
    let sql = "SELECT key, value, updated_at FROM settings WHERE app = $1 AND key = $2";
    read.one(sql, params![app, key], setting).await
}

/// Up to `limit` settings of an app, by key.
pub async fn of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<Setting>> {
    let sql = "SELECT key, value, updated_at FROM settings WHERE app = $1 ORDER BY key LIMIT $2";
    read.all(sql, params![app, limit as i64], setting).await
}

/// How many settings an app has.
pub async fn count(read: &mut Read, app: AppKey) -> Result<i64> {
    read.number("SELECT count(*) FROM settings WHERE app = $1", params![app]).await
}

/// Adds a setting, or gives it another value.
pub async fn put(tx: &mut Tx, app: AppKey, setting: &Setting) -> Result<()> {
    let sql = "INSERT INTO settings (app, key, value, updated_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (app, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
    tx.change(sql, params![app, setting.key, setting.value, setting.updated_at]).await?;
    Ok(())
}

/// Removes a setting; gives whether it was there.
pub async fn remove(tx: &mut Tx, app: AppKey, key: &str) -> Result<bool> {
    tx.audience_changes();
    Ok(tx.change("DELETE FROM settings WHERE app = $1 AND key = $2", params![app, key]).await? > 0)
}

/// The subscription that tells the address of a setting, if there is one.
pub async fn subscription(read: &mut Read, app: AppKey, key: &str) -> Result<Option<SubscriptionKey>> {
    let sql = "SELECT subscription FROM settings WHERE app = $1 AND key = $2 AND subscription IS NOT NULL";
    read.one(sql, params![app, key], |row| row.int(0).map(SubscriptionKey)).await
}

/// Names the subscription that tells the address of a setting.
pub async fn set_subscription(
    tx: &mut Tx,
    app: AppKey,
    key: &str,
    subscription: SubscriptionKey,
) -> Result<()> {
    tx.audience_changes();
    let sql = "UPDATE settings SET subscription = $3 WHERE app = $1 AND key = $2";
    tx.change(sql, params![app, key, subscription]).await?;
    Ok(())
}

/// What the addresses in an app's settings are told.
pub async fn notices(read: &mut Read, app: AppKey) -> Result<Vec<Notice>> {
    let sql = "SELECT key FROM settings WHERE app = $1 AND subscription IS NOT NULL";
    let keys = read.all(sql, params![app], |row| row.text(0)).await?;
    Ok(keys.iter().filter_map(|key| Notice::of(key)).collect())
}
