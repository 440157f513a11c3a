//! What providers have told us already.

use model::Millis;
use model::record::IntegrationKey;

use crate::error::Result;
use crate::tx::Tx;
use crate::value::params;

/// Notes a callback's key; `false` when it was there.
pub async fn note(tx: &mut Tx, integration: IntegrationKey, key: &str, now: Millis) -> Result<bool> {
    let added = tx
        .change(
            "INSERT INTO inbound_seen (integration, dedupe_key, seen_at) VALUES ($1, $2, $3) \
             ON CONFLICT (integration, dedupe_key) DO NOTHING",
            params![integration, key, now],
        )
        .await?;
    Ok(added == 1)
}

/// Forgets up to `limit` keys that are older than `before`; gives how many.
pub async fn forget(tx: &mut Tx, before: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM inbound_seen WHERE k IN (SELECT k FROM inbound_seen ORDER BY k LIMIT $2) AND seen_at < $1",
        params![before, limit as i64],
    )
    .await
}
