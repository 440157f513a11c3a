//! Integrations that are gone and of which their provider has still to be told.

use model::content::Metadata;
use model::record::{AppKey, Integration};
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// What a provider has still to be told.
#[derive(Clone, PartialEq)]
pub struct Withdrawal {
    /// Key inside the store.
    pub key: i64,
    /// The public id of the integration.
    pub integration: Id,
    /// The app that it was of.
    pub app: AppKey,
    /// Its type.
    pub kind: String,
    /// Its settings that may be shown.
    pub config: Metadata,
    /// The others, sealed.
    pub sealed_secrets: Option<Vec<u8>>,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is due.
    pub next_at: Millis,
    /// Since when.
    pub created_at: Millis,
}

/// Without the settings.
impl std::fmt::Debug for Withdrawal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Withdrawal").field("integration", &self.integration).finish_non_exhaustive()
    }
}

impl Withdrawal {
    /// The withdrawal of an integration as it is.
    pub fn of(integration: &Integration, now: Millis, next_at: Millis) -> Withdrawal {
        Withdrawal {
            key: 0,
            integration: integration.id,
            app: integration.app,
            kind: integration.kind.clone(),
            config: integration.config.clone(),
            sealed_secrets: integration.sealed_secrets.clone(),
            attempts: 0,
            next_at,
            created_at: now,
        }
    }
}

fn withdrawal(row: &Row<'_>) -> Result<Withdrawal> {
    Ok(Withdrawal {
        key: row.int(0)?,
        integration: row.id(1)?,
        app: AppKey(row.int(2)?),
        kind: row.text(3)?,
        config: row.json(4)?,
        sealed_secrets: row.opt_bytes(5)?,
        attempts: row.int(6)?,
        next_at: row.time(7)?,
        created_at: row.time(8)?,
    })
}

/// Adds one; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, new: &Withdrawal) -> Result<i64> {
    tx.insert(
        "INSERT INTO withdrawals (integration, app, kind, config, sealed_secrets, attempts, next_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            new.integration,
            new.app,
            new.kind,
            Json(&new.config),
            new.sealed_secrets,
            new.attempts,
            new.next_at,
            new.created_at,
        ],
    )
    .await
}

/// Up to `limit` that are due, the longest waiting first: key and withdrawal, which may be damaged.
pub async fn due(read: &mut Read, now: Millis, limit: usize) -> Result<Vec<(i64, Result<Withdrawal>)>> {
    let sql = "SELECT k, integration, app, kind, config, sealed_secrets, attempts, next_at, created_at \
               FROM withdrawals WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    read.all(sql, params![now, limit as i64], |row| Ok((row.int(0)?, withdrawal(row)))).await
}

/// When the next one is due.
pub async fn next_at(read: &mut Read) -> Result<Option<Millis>> {
    let sql = "SELECT next_at FROM withdrawals ORDER BY next_at LIMIT 1";
    read.one(sql, params![], |row| row.time(0)).await
}

/// Makes up to `limit` of those that are due later due at `at`, those first that are nearest to it.
pub async fn make_due(tx: &mut Tx, at: Millis, limit: usize) -> Result<()> {
    let sql = "UPDATE withdrawals SET next_at = $1 WHERE k IN \
               (SELECT k FROM withdrawals WHERE next_at > $1 ORDER BY next_at LIMIT $2)";
    tx.change(sql, params![at, limit as i64]).await?;
    Ok(())
}

/// It is tried again later.
pub async fn postpone(tx: &mut Tx, key: i64, attempts: i64, next_at: Millis) -> Result<()> {
    let sql = "UPDATE withdrawals SET attempts = $2, next_at = $3 WHERE k = $1";
    tx.change(sql, params![key, attempts, next_at]).await?;
    Ok(())
}

/// The provider was told, or will not be.
pub async fn remove(tx: &mut Tx, key: i64) -> Result<()> {
    tx.change("DELETE FROM withdrawals WHERE k = $1", params![key]).await?;
    Ok(())
}
