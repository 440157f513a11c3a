//! Endpoints: how the other side of an integration is reached; and accounts at providers that one
//! integration holds alone.

use model::Id;
use model::record::{AppKey, Endpoint, IntegrationKey, Role};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

fn endpoint(row: &Row<'_>) -> Result<Endpoint> {
    Ok(Endpoint {
        integration: IntegrationKey(row.int(0)?),
        app: AppKey(row.int(1)?),
        role: row.code(2, Role::from_code)?,
        surface: row.text(3)?,
        echo: row.bool(4)?,
        allowed_origins: row.json(5)?,
        greeting: row.json(6)?,
        target: row.opt_text(7)?,
        hears: row.json(8)?,
        public_key: row.opt_text(9)?,
        sealed_private_key: row.opt_bytes(10)?,
    })
}

/// The columns of an endpoint; the condition follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT integration, app, role, surface, echo, allowed_origins, greeting, target, hears, public_key, \
             sealed_private_key FROM endpoints WHERE ",
            $rest
        )
    };
}

/// The endpoint of an integration, if it has one.
pub async fn of_integration(read: &mut Read, integration: IntegrationKey) -> Result<Option<Endpoint>> {
    read.one(select!("integration = $1"), params![integration], endpoint).await
}

/// The endpoints of an app, oldest first.
pub async fn of_app(read: &mut Read, app: AppKey) -> Result<Vec<Endpoint>> {
    read.all(select!("app = $1 ORDER BY integration"), params![app], endpoint).await
}

/// Adds an endpoint, or saves it anew.
pub async fn save(tx: &mut Tx, endpoint: &Endpoint) -> Result<()> {
    tx.audience_changes();
    tx.change(
        "INSERT INTO endpoints (integration, app, role, surface, echo, allowed_origins, greeting, target, hears, \
         public_key, sealed_private_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (integration) DO UPDATE SET echo = $5, allowed_origins = $6, greeting = $7, target = $8, \
         hears = $9, public_key = $10, sealed_private_key = $11",
        params![
            endpoint.integration,
            endpoint.app,
            endpoint.role as i64,
            endpoint.surface,
            endpoint.echo,
            Json(&endpoint.allowed_origins),
            Json(&endpoint.greeting),
            endpoint.target,
            Json(&endpoint.hears),
            endpoint.public_key,
            endpoint.sealed_private_key,
        ],
    )
    .await?;
    Ok(())
}

/// Every endpoint of an app with the public id of its integration, and whether that is still there.
pub async fn with_ids(read: &mut Read, app: AppKey) -> Result<Vec<(Endpoint, Id, bool)>> {
    let sql = "SELECT e.integration, e.app, e.role, e.surface, e.echo, e.allowed_origins, e.greeting, e.target, \
               e.hears, e.public_key, e.sealed_private_key, i.id, i.deleted_at FROM endpoints e \
               JOIN integrations i ON i.k = e.integration WHERE e.app = $1";
    let one = |row: &Row<'_>| Ok((endpoint(row)?, row.id(11)?, row.opt_int(12)?.is_none()));
    read.all(sql, params![app], one).await
}

/// The integration of an endpoint is gone: who spoke through it, and how, is kept, since conversations
/// name it. The accounts that it holds are free.
pub async fn retire(tx: &mut Tx, integration: IntegrationKey) -> Result<()> {
    tx.audience_changes();
    tx.change(
        "UPDATE endpoints SET echo = 0, allowed_origins = '[]', greeting = '[]', target = NULL, hears = '[]', \
         public_key = NULL, sealed_private_key = NULL WHERE integration = $1",
        params![integration],
    )
    .await?;
    release_account(tx, integration).await
}

/// Frees the account that an integration holds alone.
pub async fn release_account(tx: &mut Tx, integration: IntegrationKey) -> Result<()> {
    tx.change("DELETE FROM account_claims WHERE integration = $1", params![integration]).await?;
    Ok(())
}

/// Frees the accounts that the integrations of an app hold; they are few.
pub async fn release_accounts_of_app(tx: &mut Tx, app: AppKey) -> Result<()> {
    tx.change("DELETE FROM account_claims WHERE app = $1", params![app]).await?;
    Ok(())
}

/// The integration that holds an account at a provider alone.
pub async fn holder(read: &mut Read, kind: &str, name: &str) -> Result<Option<IntegrationKey>> {
    let sql = "SELECT integration FROM account_claims WHERE kind = $1 AND name = $2";
    read.one(sql, params![kind, name], |row| row.int(0).map(IntegrationKey)).await
}

/// Gives an account at a provider to an integration alone; `false` when another one holds it.
pub async fn claim(
    tx: &mut Tx,
    kind: &str,
    name: &str,
    app: AppKey,
    integration: IntegrationKey,
) -> Result<bool> {
    let sql = "INSERT INTO account_claims (kind, name, app, integration) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (kind, name) DO NOTHING";
    Ok(tx.change(sql, params![kind, name, app, integration]).await? == 1)
}
