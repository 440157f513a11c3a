//! Accounts: the tenants.

use model::Id;
use model::record::{Account, AccountKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account { key: AccountKey(row.int(0)?), id: row.id(1)?, name: row.text(2)?, created_at: row.time(3)? })
}

/// Adds an account; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<AccountKey> {
    let sql = "INSERT INTO accounts (id, name, created_at) VALUES ($1, $2, $3)";
    tx.insert(sql, params![account.id, account.name, account.created_at]).await.map(AccountKey)
}

/// An account by its public id.
pub async fn by_id(read: &mut Read, id: Id) -> Result<Option<Account>> {
    let sql = "SELECT k, id, name, created_at FROM accounts WHERE id = $1";
    read.one(sql, params![id], account).await
}

/// An account by its key.
pub async fn by_key(read: &mut Read, key: AccountKey) -> Result<Option<Account>> {
    let sql = "SELECT k, id, name, created_at FROM accounts WHERE k = $1";
    read.one(sql, params![key], account).await
}

/// The oldest account: the default one.
pub async fn oldest(read: &mut Read) -> Result<Option<Account>> {
    let sql = "SELECT k, id, name, created_at FROM accounts ORDER BY k LIMIT 1";
    read.one(sql, params![], account).await
}

/// Every account, oldest first. For the operator.
pub async fn all(read: &mut Read) -> Result<Vec<Account>> {
    read.all("SELECT k, id, name, created_at FROM accounts ORDER BY k", params![], account).await
}
