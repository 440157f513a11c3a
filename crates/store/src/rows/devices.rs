//! Devices: installations of the messenger below a user's `sdk` client.

use model::Id;
use model::record::{AppKey, ClientKey, Device, DeviceKey, IntegrationKey, UserKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

fn device(row: &Row<'_>) -> Result<Device> {
    Ok(Device {
        key: DeviceKey(row.int(0)?),
        id: row.id(1)?,
        kind: row.text(2)?,
        guid: row.text(3)?,
        client_id: row.id(4)?,
        active: row.bool(5)?,
        integration_id: row.id(6)?,
        last_seen: row.time(7)?,
        push_token: row.opt_text(8)?,
        info: row.opt_json(9)?,
        app_version: row.opt_text(10)?,
    })
}

/// The columns of a device; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.k, d.id, d.kind, d.guid, c.id, d.active, i.id, d.last_seen, d.push_token, d.info, \
             d.app_version FROM devices d JOIN clients c ON c.k = d.client \
             JOIN integrations i ON i.k = d.integration ",
            $rest
        )
    };
}

/// The devices of a user, last seen first, at most `limit`.
pub async fn of_user(read: &mut Read, user: UserKey, limit: usize) -> Result<Vec<Device>> {
    let sql = select!("WHERE d.user_key = $1 ORDER BY d.last_seen DESC, d.id DESC LIMIT $2");
    read.all(sql, params![user, limit as i64], device).await
}

/// A device of an app.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Device>> {
    read.one(select!("WHERE d.id = $1 AND c.app = $2"), params![id, app], device).await
}

/// A device of a user.
pub async fn one_of_user(read: &mut Read, user: UserKey, id: Id) -> Result<Option<Device>> {
    read.one(select!("WHERE d.id = $1 AND d.user_key = $2"), params![id, user], device).await
}

/// Adds a device below a client of a user; the record's `key` and the ids of client and integration
/// are ignored.
pub async fn insert(
    tx: &mut Tx,
    user: UserKey,
    client: ClientKey,
    integration: IntegrationKey,
    new: &Device,
) -> Result<DeviceKey> {
    let key = tx
        .insert(
            "INSERT INTO devices (id, client, user_key, kind, guid, active, integration, last_seen, push_token, \
             info, app_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                new.id,
                client,
                user,
                new.kind,
                new.guid,
                new.active,
                integration,
                new.last_seen,
                new.push_token,
                new.info.as_ref().map(Json),
                new.app_version,
            ],
        )
        .await?;
    Ok(DeviceKey(key))
}

/// Puts up to `limit` devices of a client below another client, maybe the same one, of a user;
/// gives how many.
pub async fn move_to(
    tx: &mut Tx,
    from: ClientKey,
    client: ClientKey,
    user: UserKey,
    limit: usize,
) -> Result<u64> {
    tx.change(
        "UPDATE devices SET client = $2, user_key = $3 WHERE k IN \
         (SELECT k FROM devices WHERE client = $1 AND (client <> $2 OR user_key <> $3) LIMIT $4)",
        params![from, client, user, limit as i64],
    )
    .await
}

/// Removes up to `limit` devices of a client; gives how many.
pub async fn remove_of_client(tx: &mut Tx, client: ClientKey, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM devices WHERE k IN (SELECT k FROM devices WHERE client = $1 LIMIT $2)",
        params![client, limit as i64],
    )
    .await
}
