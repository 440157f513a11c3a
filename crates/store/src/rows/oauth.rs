//! Partners that come in by OAuth, and the codes on their way.

use model::Millis;
use model::record::{AppKey, OAuthClient, OAuthClientKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// An authorization code. Only its hash is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// Whom it was made for.
    pub client: OAuthClientKey,
    /// The app that it opens.
    pub app: AppKey,
    /// Where it was sent.
    pub redirect_uri: String,
    /// When it ends.
    pub expires_at: Millis,
}

fn client(row: &Row<'_>) -> Result<OAuthClient> {
    Ok(OAuthClient {
        key: OAuthClientKey(row.int(0)?),
        id: row.text(1)?,
        name: row.text(2)?,
        sealed_secret: row.bytes(3)?,
        redirect_uris: row.json(4)?,
        remove_url: row.opt_text(5)?,
        created_at: row.time(6)?,
    })
}

/// Adds a client; its `key` is ignored and the new one is given back.
pub async fn insert_client(tx: &mut Tx, client: &OAuthClient) -> Result<OAuthClientKey> {
    let added = tx
        .insert(
            "INSERT INTO oauth_clients (id, name, sealed_secret, redirect_uris, remove_url, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                client.id,
                client.name,
                client.sealed_secret,
                Json(&client.redirect_uris),
                client.remove_url,
                client.created_at,
            ],
        )
        .await?;
    Ok(OAuthClientKey(added))
}

/// A client by its public id.
pub async fn client_by_id(read: &mut Read, id: &str) -> Result<Option<OAuthClient>> {
    let sql = "SELECT k, id, name, sealed_secret, redirect_uris, remove_url, created_at FROM oauth_clients \
               WHERE id = $1";
    read.one(sql, params![id], client).await
}

/// Every client, oldest first. For the operator.
pub async fn clients(read: &mut Read) -> Result<Vec<OAuthClient>> {
    let sql = "SELECT k, id, name, sealed_secret, redirect_uris, remove_url, created_at FROM oauth_clients \
               ORDER BY k";
    read.all(sql, params![], client).await
}

/// Keeps a code.
pub async fn insert_code(tx: &mut Tx, hash: &[u8], code: &Code) -> Result<()> {
    let sql = "INSERT INTO oauth_codes (code_hash, oauth_client, app, redirect_uri, expires_at) \
               VALUES ($1, $2, $3, $4, $5)";
    tx.change(sql, params![hash, code.client, code.app, code.redirect_uri, code.expires_at]).await?;
    Ok(())
}

/// A code by its hash, even one whose time is over.
pub async fn code(read: &mut Read, hash: &[u8]) -> Result<Option<Code>> {
    let sql = "SELECT oauth_client, app, redirect_uri, expires_at FROM oauth_codes WHERE code_hash = $1";
    read.one(sql, params![hash], |row| {
        Ok(Code {
            client: OAuthClientKey(row.int(0)?),
            app: AppKey(row.int(1)?),
            redirect_uri: row.text(2)?,
            expires_at: row.time(3)?,
        })
    })
    .await
}

/// A code is used up.
pub async fn remove_code(tx: &mut Tx, hash: &[u8]) -> Result<()> {
    tx.change("DELETE FROM oauth_codes WHERE code_hash = $1", params![hash]).await?;
    Ok(())
}

/// Forgets up to `limit` codes whose time is over.
pub async fn forget_codes(tx: &mut Tx, now: Millis, limit: usize) -> Result<()> {
    tx.change(
        "DELETE FROM oauth_codes WHERE code_hash IN \
         (SELECT code_hash FROM oauth_codes WHERE expires_at <= $1 LIMIT $2)",
        params![now, limit as i64],
    )
    .await?;
    Ok(())
}
