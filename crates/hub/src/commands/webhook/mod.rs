//! Webhooks below an integration (sunshine-v2.md §9.1).

mod create;
mod delete;
#[cfg(test)]
mod tests;
mod update;

pub use update::WebhookPatch;

use model::Id;
use model::record::{IntegrationKey, Subscription};
use store::Read;
use store::rows::subscriptions;

use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::rules::webhooks::LISTED_FORM;

/// A webhook that may be changed, or `NotFound`; one of another dialect is `Forbidden` (decision 28).
async fn find_changeable(read: &mut Read, integration: IntegrationKey, id: Id) -> Result<Subscription> {
    let found = subscriptions::by_id(read, integration, id).await?.or_not_found(Thing::Webhook)?;
    if found.form != LISTED_FORM {
        return Err(HubError::Forbidden("the webhook belongs to another API".into()));
    }
    Ok(found)
}
