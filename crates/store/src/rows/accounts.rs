//! Accounts: the tenants. One that was deleted is found by nobody.

use model::record::{Account, AccountKey, AppKey};
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        key: AccountKey(row.int(0)?),
        id: row.id(1)?,
        name: row.text(2)?,
        email: row.opt_text(3)?,
        created_at: row.time(4)?,
    })
}

/// The columns of a living account; further conditions follow.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT k, id, name, email, created_at FROM accounts WHERE deleted_at IS NULL ", $rest)
    };
}

/// Adds an account; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<AccountKey> {
    let sql = "INSERT INTO accounts (id, name, email, created_at) VALUES ($1, $2, $3, $4)";
    let values = params![account.id, account.name, account.email, account.created_at];
    tx.insert(sql, values).await.map(AccountKey)
}

/// An account by its public id.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<Account>> {
    read.one(select!("AND id = $1"), params![id], account).await
}

/// An account by its row.
pub async fn by_key(read: &mut Read, key: AccountKey) -> Result<Option<Account>> {
    read.one(select!("AND k = $1"), params![key], account).await
}

/// The oldest account: the default one.
pub async fn oldest(read: &mut Read) -> Result<Option<Account>> {
    read.one(select!("ORDER BY k LIMIT 1"), params![], account).await
}

/// Every account, oldest first. For the operator.
pub async fn all(read: &mut Read) -> Result<Vec<Account>> {
    read.all(select!("ORDER BY k"), params![], account).await
}

/// Changes an account and changes it back, to find out whether anything can be written. An engine leaves out
/// what is the same as before.
pub async fn touch(tx: &mut Tx, key: AccountKey) -> Result<()> {
    tx.change("UPDATE accounts SET created_at = created_at + 1 WHERE k = $1", params![key]).await?;
    tx.change("UPDATE accounts SET created_at = created_at - 1 WHERE k = $1", params![key]).await?;
    Ok(())
}

/// Marks an account as deleted, and forgets what it says of its owner.
pub async fn mark_deleted(tx: &mut Tx, key: AccountKey, now: Millis) -> Result<()> {
    tx.keys_change();
    let sql = "UPDATE accounts SET deleted_at = $2, name = '', email = NULL WHERE k = $1";
    tx.change(sql, params![key, now]).await?;
    Ok(())
}

/// Up to `limit` living apps of an account, whatever its own state.
pub async fn living_apps(read: &mut Read, key: AccountKey, limit: usize) -> Result<Vec<AppKey>> {
    let sql = "SELECT k FROM apps WHERE account = $1 AND deleted_at IS NULL ORDER BY k LIMIT $2";
    read.all(sql, params![key, limit as i64], |row| row.int(0).map(AppKey)).await
}
