//! Adds a webhook.

use std::sync::Arc;

use model::Id;
use model::record::{AppKey, Subscription};
use store::{Command, Ctx, Tx};

use crate::access::{Caller, Grant};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::find_webhook_owner;
use crate::rules::webhooks::{WebhookDraft, WebhookSeed, WebhookView, check_room};

struct CreateWebhook {
    app: AppKey,
    caller: Arc<Caller>,
    integration: Id,
    webhook: WebhookSeed,
}

impl Command for CreateWebhook {
    type Out = Subscription;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Subscription> {
        let owner = find_webhook_owner(tx, self.app, &self.caller, self.integration).await?;
        check_room(tx, self.app, 1).await?;
        self.webhook.insert(tx, ctx, self.app, owner.key).await
    }
}

impl Hub {
    /// Adds a webhook to a custom or OAuth integration. It hears what happens from now on.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration, `Forbidden` for one that has no webhooks or, under
    /// integration scope, for another one's; `Invalid` for a target that is no http or https URL or
    /// an internal address, or without triggers; `TooMany` for the app's eleventh; `Repeated` for a
    /// request that was made before.
    pub async fn create_webhook(
        &self,
        grant: &Grant,
        integration: Id,
        draft: WebhookDraft,
    ) -> Result<WebhookView> {
        // Who may not is told so before what is wrong with the body.
        self.webhook_owner(grant, integration).await?;
        let webhook = self.webhook_seed(draft)?;
        let (app, caller) = (grant.app.key, grant.caller.clone());
        let added = self.run_once(grant, CreateWebhook { app, caller, integration, webhook }).await?;
        self.view_webhook(added)
    }
}
