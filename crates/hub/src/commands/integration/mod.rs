//! Integrations: what is connected to an app (sunshine-v2.md §10.1).

mod create;
mod delete;
#[cfg(test)]
mod hang_up_tests;
#[cfg(test)]
pub(crate) mod provider_tests;
mod provision;
mod register;
#[cfg(test)]
mod register_tests;
#[cfg(test)]
mod tests;
mod update;
mod withdraw;
#[cfg(test)]
mod withdraw_tests;

use serde_json::{Map, Value};

pub use create::IntegrationDraft;
pub use provision::{Provisioned, Provisioner};
pub use update::IntegrationPatch;

use crate::error::{HubError, Result};
use crate::rules::board::BoardRows;
use crate::seal::Sealer;
use model::record::AppKey;
use model::switchboard::Seat;
use store::Read;

/// Seals the settings that nobody is shown again; nothing for none.
pub(crate) fn seal_secrets(sealer: &Sealer, secrets: &Map<String, Value>) -> Result<Option<Vec<u8>>> {
    if secrets.is_empty() {
        return Ok(None);
    }
    sealer.seal(&Value::from(secrets.clone()).to_string()).map(Some)
}

/// Opens the settings that nobody is shown again.
pub(crate) fn open_secrets(sealer: &Sealer, sealed: Option<&[u8]>) -> Result<Map<String, Value>> {
    let Some(sealed) = sealed else { return Ok(Map::new()) };
    let open = sealer.open(sealed)?;
    serde_json::from_str(&open).map_err(|_| {
        HubError::Internal(store::StoreError::Damaged("the secrets of an integration are no object".into()))
    })
}

/// Changes settings one by one: null removes one.
fn merge(settings: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, value) in changes {
        if value.is_null() {
            settings.remove(name);
        } else {
            settings.insert(name.clone(), value.clone());
        }
    }
}

/// The seat of the default responder that a caller names.
async fn responder(read: &mut Read, app: AppKey, id: &str) -> Result<Seat> {
    let rows = BoardRows::of_app(read, app).await?;
    rows.and_then(|rows| rows.responder_named(id)).ok_or_else(|| {
        HubError::invalid(
            "defaultResponderId: neither a switchboard integration nor an integration behind one",
        )
    })
}
