//! Webhooks below an integration.

use model::Id;
use model::record::Integration;
use store::rows::subscriptions;

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::integrations::find_webhook_owner;
use crate::rules::webhooks::{LISTED_FORM, WebhookView};

impl Hub {
    /// The integration whose webhooks the caller may see and change.
    pub(crate) async fn webhook_owner(&self, grant: &Grant, integration: Id) -> Result<Integration> {
        let mut reader = self.reader().await?;
        find_webhook_owner(&mut reader, grant.app.key, &grant.caller, integration).await
    }

    /// The webhooks of an integration with their secrets, oldest first, ten at most.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration, `Forbidden` for one that has no webhooks or, under
    /// integration scope, for another one's.
    pub async fn list_webhooks(&self, grant: &Grant, integration: Id) -> Result<Vec<WebhookView>> {
        let owner = self.webhook_owner(grant, integration).await?;
        let mut reader = self.reader().await?;
        let found = subscriptions::of_integration(&mut reader, owner.key).await?;
        let listed = found.into_iter().filter(|subscription| subscription.form == LISTED_FORM);
        listed.map(|subscription| self.view_webhook(subscription)).collect()
    }

    /// One webhook with its secret.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration or webhook, `Forbidden` as [`Hub::list_webhooks`].
    pub async fn webhook(&self, grant: &Grant, integration: Id, webhook: Id) -> Result<WebhookView> {
        let owner = self.webhook_owner(grant, integration).await?;
        let mut reader = self.reader().await?;
        let found = subscriptions::by_id(&mut reader, owner.key, webhook).await?;
        self.view_webhook(found.or_not_found(Thing::Webhook)?)
    }
}
