//! Integrations.

use model::Id;
use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus};
use model::switchboard::Seat;

use crate::error::Result;
use crate::tx::Read;
use crate::value::{Row, params};

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
    })
}

/// An integration of an app that is not deleted.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Integration>> {
    read.one(
        "SELECT k, id, app, kind, status, name, config, sealed_secrets, default_responder, oauth_client_id, \
         created_at FROM integrations WHERE id = $1 AND app = $2 AND deleted_at IS NULL",
        params![id, app],
        integration,
    )
    .await
}

/// An integration that is not deleted.
pub async fn by_key(read: &mut Read, key: IntegrationKey) -> Result<Option<Integration>> {
    read.one(
        "SELECT k, id, app, kind, status, name, config, sealed_secrets, default_responder, oauth_client_id, \
         created_at FROM integrations WHERE k = $1 AND deleted_at IS NULL",
        params![key],
        integration,
    )
    .await
}
