//! What providers have told us already: the keys of their callbacks.

use model::Millis;
use model::record::IntegrationKey;

use crate::error::Result;
use crate::tx::Tx;
use crate::value::params;

/// Digest of what tells a callback from all others of its integration.
pub type Key = [u8; 16];

/// Notes a key, in front of which the provider's rising number stands, 0 where it gives none. `false` when it
/// was there.
pub async fn note(
    tx: &mut Tx,
    integration: IntegrationKey,
    serial: i64,
    key: Key,
    now: Millis,
) -> Result<bool> {
    let added = tx
        .change(
            "INSERT INTO inbound_seen (integration, serial, key, seen_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (integration, serial, key) DO NOTHING",
            params![integration, serial, key.as_slice(), now],
        )
        .await?;
    Ok(added == 1)
}

/// Of the `limit` oldest keys, those of the future are of now: they were noted while the clock was ahead, and
/// would be in front of all others until then.
pub async fn age(tx: &mut Tx, now: Millis, limit: usize) -> Result<()> {
    let sql = "UPDATE inbound_seen SET seen_at = $1 WHERE k IN (SELECT k FROM inbound_seen ORDER BY k LIMIT $2) AND seen_at > $1";
    tx.change(sql, params![now, limit as i64]).await?;
    Ok(())
}

/// Forgets up to `limit` keys that are older than `before`; gives how many.
pub async fn forget(tx: &mut Tx, before: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM inbound_seen WHERE k IN (SELECT k FROM inbound_seen ORDER BY k LIMIT $2) AND seen_at < $1",
        params![before, limit as i64],
    )
    .await
}
