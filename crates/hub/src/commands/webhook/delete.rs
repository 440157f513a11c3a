//! Removes a webhook.

use std::sync::Arc;

use model::Id;
use model::record::AppKey;
use store::{Command, Ctx, Tx};

use super::find_changeable;
use crate::access::{Caller, Grant};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::find_webhook_owner;
use crate::rules::webhooks;

struct DeleteWebhook {
    app: AppKey,
    caller: Arc<Caller>,
    integration: Id,
    webhook: Id,
}

impl Command for DeleteWebhook {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let owner = find_webhook_owner(tx, self.app, &self.caller, self.integration).await?;
        let webhook = find_changeable(tx, owner.key, self.webhook).await?;
        webhooks::end(tx, ctx, self.app, webhook.key).await
    }
}

impl Hub {
    /// Removes a webhook, even the only one of a custom integration. Nothing is delivered to it any
    /// more, neither what waits nor what is dead.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration or webhook, `Forbidden` for a webhook of another API or,
    /// under integration scope, for another integration's.
    pub async fn delete_webhook(&self, grant: &Grant, integration: Id, webhook: Id) -> Result<()> {
        let (app, caller) = (grant.app.key, grant.caller.clone());
        self.run(DeleteWebhook { app, caller, integration, webhook }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
