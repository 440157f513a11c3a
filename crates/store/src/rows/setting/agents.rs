//! People who answer.

use model::record::{Agent, AgentKey, AppKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn agent(row: &Row<'_>) -> Result<Agent> {
    Ok(Agent {
        key: AgentKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        place: row.int(3)?,
        external_id: row.text(4)?,
        name: row.text(5)?,
        email: row.text(6)?,
        carrier_account: row.text(7)?,
        carrier_name: row.text(8)?,
        phone: row.opt_text(9)?,
        line: row.text(10)?,
        rings_phone: row.bool(11)?,
        rings_sip: row.bool(12)?,
        created_at: row.time(13)?,
        updated_at: row.time(14)?,
    })
}

/// The columns of an agent; the condition follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k, id, app, place, external_id, name, email, carrier_account, carrier_name, phone, line, \
             rings_phone, rings_sip, created_at, updated_at FROM agents WHERE ",
            $rest
        )
    };
}

/// An agent of an app by its external id.
pub async fn by_external_id(read: &mut Read, app: AppKey, external_id: &str) -> Result<Option<Agent>> {
    read.one(select!("app = $1 AND external_id = $2"), params![app, external_id], agent).await
}

/// Up to `limit` agents of an app behind a place, in the order in which they came.
pub async fn page(read: &mut Read, app: AppKey, after: i64, limit: usize) -> Result<Vec<Agent>> {
    let sql = select!("app = $1 AND place > $2 ORDER BY place LIMIT $3");
    read.all(sql, params![app, after, limit as i64], agent).await
}

/// The place of the newest agent of an app; 0 when there is none.
pub async fn last_place(read: &mut Read, app: AppKey) -> Result<i64> {
    read.number("SELECT coalesce(max(place), 0) FROM agents WHERE app = $1", params![app]).await
}

/// How many agents an app has.
pub async fn count(read: &mut Read, app: AppKey) -> Result<i64> {
    read.number("SELECT count(*) FROM agents WHERE app = $1", params![app]).await
}

/// Adds an agent; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, agent: &Agent) -> Result<AgentKey> {
    let sql = "INSERT INTO agents (id, app, place, external_id, name, email, carrier_account, carrier_name, \
               phone, line, rings_phone, rings_sip, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let added = tx
        .insert(
            sql,
            params![
                agent.id,
                agent.app,
                agent.place,
                agent.external_id,
                agent.name,
                agent.email,
                agent.carrier_account,
                agent.carrier_name,
                agent.phone,
                agent.line,
                agent.rings_phone,
                agent.rings_sip,
                agent.created_at,
                agent.updated_at,
            ],
        )
        .await?;
    Ok(AgentKey(added))
}

/// Saves on what an agent is called.
pub async fn set_devices(tx: &mut Tx, agent: &Agent) -> Result<()> {
    let sql = "UPDATE agents SET rings_phone = $2, rings_sip = $3, updated_at = $4 WHERE k = $1";
    tx.change(sql, params![agent.key, agent.rings_phone, agent.rings_sip, agent.updated_at]).await?;
    Ok(())
}

/// Removes an agent.
pub async fn remove(tx: &mut Tx, key: AgentKey) -> Result<()> {
    tx.change("DELETE FROM agents WHERE k = $1", params![key]).await?;
    Ok(())
}

/// Removes up to `limit` agents of an app up to a place; gives how many there were this time.
pub async fn remove_up_to(tx: &mut Tx, app: AppKey, place: i64, limit: usize) -> Result<u64> {
    let sql = "DELETE FROM agents WHERE k IN \
               (SELECT k FROM agents WHERE app = $1 AND place <= $2 ORDER BY place LIMIT $3)";
    tx.change(sql, params![app, place, limit as i64]).await
}
