//! Disconnects something from an app.

use model::Id;
use model::record::AppKey;
use store::rows::switchboards;
use store::rows::withdrawals::Withdrawal;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations;

struct DeleteIntegration {
    app: AppKey,
    integration: Id,
}

impl Command for DeleteIntegration {
    type Out = Option<Withdrawal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Withdrawal>> {
        let integration = integrations::find(tx, self.app, self.integration).await?;
        if switchboards::is_linked(tx, integration.key).await? {
            return Err(HubError::invalid(
                "the integration is linked to a switchboard; remove it there first",
            ));
        }
        integrations::remove(tx, ctx, &integration).await
    }
}

impl Hub {
    /// Removes an integration with its webhooks and keys; its clients become inactive, and its provider
    /// is told: now, or as soon as it listens.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, `Invalid` while it is linked to a switchboard.
    pub async fn delete_integration(&self, grant: &Grant, integration: Id) -> Result<()> {
        let due = self.run(DeleteIntegration { app: grant.app.key, integration }).await?;
        self.integration_gone();
        self.tell_withdrawn(due).await
    }

    /// What has to be forgotten and woken after an integration went.
    pub(crate) fn integration_gone(&self) {
        self.directory().forget_keys();
        self.subscriptions_changed();
        self.wake_sweeper();
    }
}
