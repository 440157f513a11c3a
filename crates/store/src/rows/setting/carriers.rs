//! Accounts of apps at a carrier, one an app at most.

use model::record::{AccountKey, AppKey, CarrierAccount};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn carrier(row: &Row<'_>) -> Result<CarrierAccount> {
    Ok(CarrierAccount {
        account_id: row.text(0)?,
        key_id: row.text(1)?,
        sealed_token: row.bytes(2)?,
        region: row.text(3)?,
        is_active: row.bool(4)?,
        updated_at: row.time(5)?,
    })
}

/// The account of an app at its carrier.
pub async fn of_app(read: &mut Read, app: AppKey) -> Result<Option<CarrierAccount>> {
    let sql = "SELECT account_id, key_id, sealed_token, region, active, updated_at FROM carrier_accounts \
               WHERE app = $1";
    read.one(sql, params![app], carrier).await
}

/// The accounts of all living apps of a customer at their carriers.
pub async fn of_account(read: &mut Read, account: AccountKey) -> Result<Vec<(AppKey, CarrierAccount)>> {
    let sql = "SELECT c.account_id, c.key_id, c.sealed_token, c.region, c.active, c.updated_at, c.app \
               FROM carrier_accounts c JOIN apps a ON a.k = c.app WHERE a.account = $1 AND a.deleted_at IS NULL";
    read.all(sql, params![account], |row| Ok((AppKey(row.int(6)?), carrier(row)?))).await
}

/// Adds the account of an app, or puts another in its place.
pub async fn put(tx: &mut Tx, app: AppKey, carrier: &CarrierAccount) -> Result<()> {
    let sql = "INSERT INTO carrier_accounts (app, account_id, key_id, sealed_token, region, active, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (app) DO UPDATE SET account_id = excluded.account_id, key_id = excluded.key_id, \
               sealed_token = excluded.sealed_token, region = excluded.region, active = excluded.active, \
               updated_at = excluded.updated_at";
    tx.change(
        sql,
        params![
            app,
            carrier.account_id,
            carrier.key_id,
            carrier.sealed_token,
            carrier.region,
            carrier.is_active,
            carrier.updated_at,
        ],
    )
    .await?;
    Ok(())
}
