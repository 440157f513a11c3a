//! Remembered requests: a repeat under the same idempotency key finds its first result.

use model::Millis;
use model::record::CredentialKey;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::params;

/// A remembered request.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// Hash of method, path and body.
    pub request_hash: Vec<u8>,
    /// What names the result.
    pub result: String,
    /// When it was made.
    pub created_at: Millis,
}

/// The request under a caller's key.
pub async fn find(read: &mut Read, credential: CredentialKey, key: &str) -> Result<Option<Remembered>> {
    read.one(
        "SELECT request_hash, result, created_at FROM idempotency_keys WHERE credential = $1 AND key = $2",
        params![credential, key],
        |row| Ok(Remembered { request_hash: row.bytes(0)?, result: row.text(1)?, created_at: row.time(2)? }),
    )
    .await
}

/// Remembers a request, in place of one that is too old to count.
pub async fn remember(
    tx: &mut Tx,
    credential: CredentialKey,
    key: &str,
    request_hash: &[u8],
    result: &str,
    now: Millis,
) -> Result<()> {
    tx.change(
        "INSERT INTO idempotency_keys (credential, key, request_hash, result, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (credential, key) DO UPDATE SET \
         request_hash = excluded.request_hash, result = excluded.result, created_at = excluded.created_at",
        params![credential, key, request_hash, result, now],
    )
    .await?;
    Ok(())
}

/// Forgets up to `limit` requests from before `before`; gives how many.
pub async fn forget(tx: &mut Tx, before: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM idempotency_keys WHERE (credential, key) IN \
         (SELECT credential, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        params![before, limit as i64],
    )
    .await
}
