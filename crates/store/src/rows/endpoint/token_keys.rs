//! The keys that sign access tokens.

use model::Millis;
use model::record::TokenKey;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn key(row: &Row<'_>) -> Result<TokenKey> {
    Ok(TokenKey {
        id: row.text(0)?,
        sealed_private_key: row.bytes(1)?,
        public_key: row.bytes(2)?,
        created_at: row.time(3)?,
    })
}

/// Every key, the newest first; they are few.
pub async fn all(read: &mut Read) -> Result<Vec<TokenKey>> {
    let sql = "SELECT id, sealed_private_key, public_key, created_at FROM token_keys ORDER BY k DESC";
    read.all(sql, params![], key).await
}

/// Adds a key.
pub async fn insert(tx: &mut Tx, key: &TokenKey) -> Result<()> {
    let sql =
        "INSERT INTO token_keys (id, sealed_private_key, public_key, created_at) VALUES ($1, $2, $3, $4)";
    tx.insert(sql, params![key.id, key.sealed_private_key, key.public_key, key.created_at]).await?;
    Ok(())
}

/// Removes the keys that were made before a moment.
pub async fn remove_older(tx: &mut Tx, before: Millis) -> Result<()> {
    tx.change("DELETE FROM token_keys WHERE created_at < $1", params![before]).await?;
    Ok(())
}
