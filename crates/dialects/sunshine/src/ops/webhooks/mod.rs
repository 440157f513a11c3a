//! Webhooks.

pub(crate) mod create_webhook;
pub(crate) mod delete_webhook;
pub(crate) mod get_webhook;
pub(crate) mod list_webhooks;
pub(crate) mod update_webhook;

use hub::{Grant, Thing};
use model::Id;

use crate::http::call::Params;
use crate::http::error::Result;

/// The integration of the path; `me` is the one that calls, for others nothing (sunshine-v2.md §1.4).
fn owner(grant: &Grant, params: &Params) -> Result<Id> {
    match (params.text("integrationId"), grant.caller.integration()) {
        ("me", Some((_, own))) => Ok(own),
        _ => params.id("integrationId", Thing::Integration),
    }
}
