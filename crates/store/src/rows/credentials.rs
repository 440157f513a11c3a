//! API keys.

use model::record::{AccountKey, AppKey, Credential, CredentialKey, IntegrationKey, KeyKind};

use crate::error::Result;
use crate::tx::Read;
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

/// A key by its public id.
pub async fn by_id(read: &mut Read, id: &str) -> Result<Option<Credential>> {
    read.one(
        "SELECT k, id, kind, account, app, integration, name, sealed_secret, created_at, expires_at \
         FROM credentials WHERE id = $1",
        params![id],
        credential,
    )
    .await
}
