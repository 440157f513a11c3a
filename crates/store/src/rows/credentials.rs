//! API keys.

use model::Id;
use model::record::{AccountKey, AppKey, Credential, CredentialKey, IntegrationKey, KeyKind};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn credential(row: &Row<'_>) -> Result<Credential> {
    Ok(Credential {
        key: CredentialKey(row.int(0)?),
        id: row.text(1)?,
        kind: row.code(2, KeyKind::from_code)?,
        account: AccountKey(row.int(3)?),
        app: row.opt_int(4)?.map(AppKey),
        integration: row.opt_int(5)?.map(IntegrationKey),
        name: row.text(6)?,
        sealed_secret: row.bytes(7)?,
        created_at: row.time(8)?,
        expires_at: row.opt_time(9)?,
    })
}

/// The columns of a key; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.k, c.id, c.kind, c.account, c.app, c.integration, c.name, c.sealed_secret, c.created_at, \
             c.expires_at ",
            $rest
        )
    };
}

/// A key by its public id.
pub async fn by_id(read: &mut Read, id: &str) -> Result<Option<Credential>> {
    read.one(select!("FROM credentials c WHERE c.id = $1"), params![id], credential).await
}

/// The account keys of one account or, without one, of all, oldest first, each with the public id of
/// its account. For the operator.
pub async fn of_accounts(read: &mut Read, account: Option<AccountKey>) -> Result<Vec<(Id, Credential)>> {
    let sql = select!(
        ", a.id FROM credentials c JOIN accounts a ON a.k = c.account \
         WHERE c.kind = $1 AND ($2 IS NULL OR c.account = $2) ORDER BY c.k"
    );
    read.all(sql, params![KeyKind::Account as i64, account], |row| Ok((row.id(10)?, credential(row)?))).await
}

/// Whether any account has a key.
pub async fn has_account_key(read: &mut Read) -> Result<bool> {
    let sql = "SELECT 1 FROM credentials WHERE kind = $1 LIMIT 1";
    Ok(read.number(sql, params![KeyKind::Account as i64]).await? != 0)
}

/// The keys that came from the configuration: one, as a rule.
pub async fn seeded(read: &mut Read) -> Result<Vec<Credential>> {
    let sql = select!("FROM credentials c WHERE c.kind = $1 AND c.seeded = 1 ORDER BY c.k");
    read.all(sql, params![KeyKind::Account as i64], credential).await
}

/// The keys of an app, oldest first; those of its integrations are not among them.
pub async fn of_app(read: &mut Read, app: AppKey) -> Result<Vec<Credential>> {
    let sql = select!("FROM credentials c WHERE c.app = $1 AND c.kind = $2 ORDER BY c.k");
    read.all(sql, params![app, KeyKind::App as i64], credential).await
}

/// The keys of one kind of an integration, oldest first.
pub async fn of_integration(
    read: &mut Read,
    integration: IntegrationKey,
    kind: KeyKind,
) -> Result<Vec<Credential>> {
    let sql = select!("FROM credentials c WHERE c.integration = $1 AND c.kind = $2 ORDER BY c.k");
    read.all(sql, params![integration, kind as i64], credential).await
}

/// The keys of one kind that an account has for itself, oldest first.
pub async fn of_account(read: &mut Read, account: AccountKey, kind: KeyKind) -> Result<Vec<Credential>> {
    let sql = select!("FROM credentials c WHERE c.account = $1 AND c.kind = $2 ORDER BY c.k");
    read.all(sql, params![account, kind as i64], credential).await
}

/// Adds a key; its `key` is ignored and the new one is given back. `seeded`: it comes from the
/// configuration.
pub async fn insert(tx: &mut Tx, credential: &Credential, seeded: bool) -> Result<CredentialKey> {
    let added = tx
        .insert(
            "INSERT INTO credentials (id, kind, account, app, integration, name, sealed_secret, seeded, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                credential.id,
                credential.kind as i64,
                credential.account,
                credential.app,
                credential.integration,
                credential.name,
                credential.sealed_secret,
                seeded,
                credential.created_at,
                credential.expires_at,
            ],
        )
        .await?;
    Ok(CredentialKey(added))
}

/// Gives a key the secret that the configuration names for it.
pub async fn seed(tx: &mut Tx, key: CredentialKey, sealed_secret: &[u8]) -> Result<()> {
    tx.keys_change();
    let sql = "UPDATE credentials SET sealed_secret = $2, seeded = 1 WHERE k = $1";
    tx.change(sql, params![key, sealed_secret]).await?;
    Ok(())
}

/// Ends a key.
pub async fn remove(tx: &mut Tx, key: CredentialKey) -> Result<()> {
    tx.keys_change();
    tx.change("DELETE FROM credentials WHERE k = $1", params![key]).await?;
    Ok(())
}

/// Ends up to `limit` keys of an app and of its integrations.
pub async fn remove_of_app(tx: &mut Tx, app: AppKey, limit: usize) -> Result<()> {
    tx.keys_change();
    let sql = "DELETE FROM credentials WHERE k IN (SELECT k FROM credentials WHERE app = $1 LIMIT $2)";
    tx.change(sql, params![app, limit as i64]).await?;
    Ok(())
}

/// Ends up to `limit` keys of an account, of its apps and of their integrations; gives how many there
/// were this time.
pub async fn remove_of_account(tx: &mut Tx, account: AccountKey, limit: usize) -> Result<u64> {
    tx.keys_change();
    let sql = "DELETE FROM credentials WHERE k IN (SELECT k FROM credentials WHERE account = $1 LIMIT $2)";
    tx.change(sql, params![account, limit as i64]).await
}

/// Ends the keys of an integration, which are few.
pub async fn remove_of_integration(tx: &mut Tx, integration: IntegrationKey) -> Result<()> {
    tx.keys_change();
    tx.change("DELETE FROM credentials WHERE integration = $1", params![integration]).await?;
    Ok(())
}
