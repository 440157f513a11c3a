//! Integrations. A deleted one keeps its row, since clients and seats name it, until its app goes.

use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus};
use model::switchboard::Seat;
use model::{Id, Millis};

use super::Seek;
use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

fn integration(row: &Row<'_>) -> Result<Integration> {
    Ok(Integration {
        key: IntegrationKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        kind: row.text(3)?,
        status: row.code(4, IntegrationStatus::from_code)?,
        name: row.opt_text(5)?,
        config: row.json(6)?,
        sealed_secrets: row.opt_bytes(7)?,
        default_responder: Seat::from_stored(row.int(8)?),
        oauth_client_id: row.opt_text(9)?,
        created_at: row.time(10)?,
        health_reason: row.opt_text(11)?,
        last_good_at: row.opt_time(12)?,
    })
}

/// The columns of an integration; the condition follows. Deleted ones are not found.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k, id, app, kind, status, name, config, sealed_secrets, default_responder, oauth_client_id, \
             created_at, health_reason, last_good_at FROM integrations WHERE deleted_at IS NULL AND ",
            $rest
        )
    };
}

/// An integration of an app that is not deleted.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Integration>> {
    read.one(select!("id = $1 AND app = $2"), params![id, app], integration).await
}

/// An integration that is not deleted.
pub async fn by_key(read: &mut Read, key: IntegrationKey) -> Result<Option<Integration>> {
    read.one(select!("k = $1"), params![key], integration).await
}

/// An integration of an app, even one that is deleted; gives whether it is still there.
pub async fn by_id_even_deleted(read: &mut Read, app: AppKey, id: Id) -> Result<Option<(Integration, bool)>> {
    let sql = "SELECT k, id, app, kind, status, name, config, sealed_secrets, default_responder, oauth_client_id, \
               created_at, health_reason, last_good_at, deleted_at FROM integrations WHERE id = $1 AND app = $2";
    read.one(sql, params![id, app], |row| Ok((integration(row)?, row.opt_int(13)?.is_none()))).await
}

/// A living integration of any app, for the provider's callbacks: they know no app.
pub async fn by_public_id(read: &mut Read, id: Id) -> Result<Option<Integration>> {
    read.one(select!("id = $1"), params![id], integration).await
}

/// The integrations of a type, of all apps, behind a key; at most `limit`.
pub async fn of_kind(
    read: &mut Read,
    kind: &str,
    after: IntegrationKey,
    limit: usize,
) -> Result<Vec<Integration>> {
    read.all(
        select!("kind = $1 AND k > $2 ORDER BY k LIMIT $3"),
        params![kind, after, limit as i64],
        integration,
    )
    .await
}

/// Integrations that may have something set up at a provider, of all apps, behind a key; at most `limit`.
pub async fn all_channels(read: &mut Read, after: IntegrationKey, limit: usize) -> Result<Vec<Integration>> {
    read.all(
        select!("k > $1 AND sealed_secrets IS NOT NULL AND oauth_client_id IS NULL ORDER BY k LIMIT $2"),
        params![after, limit as i64],
        integration,
    )
    .await
}

/// Up to `limit` integrations of an app, hidden ones included.
pub async fn of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<Integration>> {
    read.all(select!("app = $1 ORDER BY id LIMIT $2"), params![app, limit as i64], integration).await
}

/// The integrations of an app that are paused, by key and id.
pub async fn paused_of_app(read: &mut Read, app: AppKey) -> Result<Vec<(IntegrationKey, Id)>> {
    let sql = "SELECT k, id FROM integrations WHERE app = $1 AND status = $2 AND deleted_at IS NULL";
    let one = |row: &Row<'_>| Ok((IntegrationKey(row.int(0)?), row.id(1)?));
    read.all(sql, params![app, IntegrationStatus::Paused as i64], one).await
}

/// Whether a seat answers first on a channel of an app.
pub async fn is_responder(read: &mut Read, app: AppKey, seat: Seat) -> Result<bool> {
    let sql =
        "SELECT 1 FROM integrations WHERE app = $1 AND default_responder = $2 AND deleted_at IS NULL LIMIT 1";
    Ok(read.one(sql, params![app, seat.0], |_| Ok(())).await?.is_some())
}

/// Writes how an integration does where its status turns, which decides who hears of events.
pub async fn set_health(
    tx: &mut Tx,
    key: IntegrationKey,
    status: IntegrationStatus,
    reason: Option<&str>,
    last_good_at: Option<Millis>,
) -> Result<()> {
    tx.audience_changes();
    tx.settings_change();
    tx.change(
        "UPDATE integrations SET status = $2, health_reason = $3, last_good_at = $4 WHERE k = $1",
        params![key, status as i64, reason, last_good_at],
    )
    .await?;
    Ok(())
}

/// Writes how an integration does where its status stays as it is.
pub async fn note_sign(
    tx: &mut Tx,
    key: IntegrationKey,
    reason: Option<&str>,
    last_good_at: Option<Millis>,
) -> Result<()> {
    tx.settings_change();
    let sql = "UPDATE integrations SET health_reason = $2, last_good_at = $3 WHERE k = $1";
    tx.change(sql, params![key, reason, last_good_at]).await?;
    Ok(())
}

/// The app of an integration that is not deleted.
pub async fn app_of(read: &mut Read, id: Id) -> Result<Option<AppKey>> {
    let sql = "SELECT app FROM integrations WHERE id = $1 AND deleted_at IS NULL";
    read.one(sql, params![id], |row| row.int(0).map(AppKey)).await
}

/// The app of an integration that is deleted and whose app is not.
pub async fn former_app_of(read: &mut Read, id: Id) -> Result<Option<AppKey>> {
    let sql = "SELECT app FROM integrations WHERE id = $1 AND deleted_at IS NOT NULL";
    read.one(sql, params![id], |row| row.int(0).map(AppKey)).await
}

/// Whether an app has an integration of this name other than `own`.
pub async fn name_is_taken(
    read: &mut Read,
    app: AppKey,
    name: &str,
    own: Option<IntegrationKey>,
) -> Result<bool> {
    let sql = "SELECT 1 FROM integrations WHERE app = $1 AND name = $2 AND deleted_at IS NULL \
               AND oauth_client_id IS NULL AND ($3 IS NULL OR k <> $3) LIMIT 1";
    Ok(read.number(sql, params![app, name, own]).await? != 0)
}

/// An integration of an app that has this name.
pub async fn named(read: &mut Read, app: AppKey, name: &str) -> Result<Option<IntegrationKey>> {
    let sql = "SELECT k FROM integrations WHERE app = $1 AND name = $2 AND deleted_at IS NULL \
               AND oauth_client_id IS NULL ORDER BY k LIMIT 1";
    read.one(sql, params![app, name], |row| row.int(0).map(IntegrationKey)).await
}

/// The integration of an OAuth client in an app; there is at most one.
pub async fn by_oauth_client(
    read: &mut Read,
    app: AppKey,
    oauth_client_id: &str,
) -> Result<Option<Integration>> {
    let sql = select!("app = $1 AND oauth_client_id = $2");
    read.one(sql, params![app, oauth_client_id], integration).await
}

/// Up to `limit` integrations of an app, in the order of `seek`, without those of OAuth clients.
/// `kinds` are the types that are wanted; without it all are.
pub async fn page(
    read: &mut Read,
    app: AppKey,
    kinds: Option<&[String]>,
    seek: Seek,
    limit: usize,
) -> Result<Vec<Integration>> {
    let limit = limit as i64;
    // The types stand between commas; one is among them when taking it out changes the text.
    let kinds = kinds.map(|kinds| format!(",{},", kinds.join(",")));
    match seek {
        Seek::After(id) => {
            let sql = select!(
                "oauth_client_id IS NULL AND app = $1 AND id > $2 \
                 AND ($3 IS NULL OR replace($3, ',' || kind || ',', '') <> $3) ORDER BY id LIMIT $4"
            );
            read.all(sql, params![app, id, kinds, limit], integration).await
        }
        Seek::Before(id) => {
            let sql = select!(
                "oauth_client_id IS NULL AND app = $1 AND id < $2 \
                 AND ($3 IS NULL OR replace($3, ',' || kind || ',', '') <> $3) ORDER BY id DESC LIMIT $4"
            );
            read.all(sql, params![app, id, kinds, limit], integration).await
        }
    }
}

/// Adds an integration; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, integration: &Integration) -> Result<IntegrationKey> {
    tx.audience_changes();
    tx.settings_change();
    let added = tx
        .insert(
            "INSERT INTO integrations (id, app, kind, status, name, config, sealed_secrets, default_responder, \
             oauth_client_id, created_at, health_reason, last_good_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            params![
                integration.id,
                integration.app,
                integration.kind,
                integration.status as i64,
                integration.name,
                Json(&integration.config),
                integration.sealed_secrets,
                Seat::to_stored(integration.default_responder),
                integration.oauth_client_id,
                integration.created_at,
                integration.health_reason,
                integration.last_good_at,
            ],
        )
        .await?;
    Ok(IntegrationKey(added))
}

/// Notes that an integration was changed by its owner.
pub async fn touch(tx: &mut Tx, key: IntegrationKey, now: Millis) -> Result<()> {
    tx.change("UPDATE integrations SET modified_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// When an integration was last changed by its owner, or made.
pub async fn modified_at(read: &mut Read, key: IntegrationKey) -> Result<Option<Millis>> {
    let sql = "SELECT COALESCE(modified_at, created_at) FROM integrations WHERE k = $1";
    read.one(sql, params![key], |row| row.time(0)).await
}

/// Saves what can change of an integration.
pub async fn update(tx: &mut Tx, integration: &Integration) -> Result<()> {
    tx.audience_changes();
    tx.settings_change();
    tx.change(
        "UPDATE integrations SET status = $2, name = $3, config = $4, sealed_secrets = $5, default_responder = $6 \
         WHERE k = $1",
        params![
            integration.key,
            integration.status as i64,
            integration.name,
            Json(&integration.config),
            integration.sealed_secrets,
            Seat::to_stored(integration.default_responder),
        ],
    )
    .await?;
    Ok(())
}

/// An integration is gone from now on; its secrets are forgotten at once.
pub async fn mark_deleted(tx: &mut Tx, key: IntegrationKey, now: Millis) -> Result<()> {
    tx.audience_changes();
    tx.keys_change();
    tx.settings_change();
    let sql = "UPDATE integrations SET deleted_at = $2, sealed_secrets = NULL WHERE k = $1";
    tx.change(sql, params![key, now]).await?;
    Ok(())
}
