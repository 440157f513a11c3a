//! Visits: which customers the access token of a web page's visitor speaks for.

use model::Millis;
use model::record::{ClientKey, VisitToken};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::params;

/// Visits that are removed at once after their end.
const REMOVED_AT_ONCE: i64 = 100;

/// Notes that a visit speaks for a customer, until its end.
pub async fn note(tx: &mut Tx, token: VisitToken, client: ClientKey, ends_at: Millis) -> Result<()> {
    let sql = "INSERT INTO visits (token, client, ends_at) VALUES ($1, $2, $3) ON CONFLICT (token, client) DO NOTHING";
    tx.change(sql, params![token.0.to_vec(), client, ends_at]).await?;
    Ok(())
}

/// Whether a visit speaks for a customer.
pub async fn speaks_for(read: &mut Read, token: VisitToken, client: ClientKey) -> Result<bool> {
    let sql = "SELECT 1 FROM visits WHERE token = $1 AND client = $2";
    Ok(read.one(sql, params![token.0.to_vec(), client], |row| row.int(0)).await?.is_some())
}

/// The customers that a visit speaks for.
pub async fn clients(read: &mut Read, token: VisitToken) -> Result<Vec<ClientKey>> {
    let sql = "SELECT client FROM visits WHERE token = $1 ORDER BY client";
    read.all(sql, params![token.0.to_vec()], |row| Ok(ClientKey(row.int(0)?))).await
}

/// Removes some of the visits that have ended.
pub async fn remove_ended(tx: &mut Tx, now: Millis) -> Result<()> {
    let sql = "DELETE FROM visits WHERE (token, client) IN \
               (SELECT token, client FROM visits WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)";
    tx.change(sql, params![now, REMOVED_AT_ONCE]).await?;
    Ok(())
}
