//! Takes an integration away, off the switchboard first.

use model::Id;
use model::record::AppKey;
use store::rows::withdrawals::Withdrawal;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::{integrations, seating};

struct RemoveIntegration {
    app: AppKey,
    integration: Id,
}

impl Command for RemoveIntegration {
    type Out = Option<Withdrawal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Withdrawal>> {
        let integration = integrations::find(tx, self.app, self.integration).await?;
        seating::unseat(tx, &integration).await?;
        integrations::remove(tx, ctx, &integration).await
    }
}

impl Hub {
    /// Removes an integration even if it has a seat on the switchboard: who pointed to it points past
    /// it, and who answers first is chosen anew; its provider is told. [`Hub::delete_integration`] refuses that.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn unseat_and_delete_integration(&self, grant: &Grant, integration: Id) -> Result<()> {
        let due = self.run(RemoveIntegration { app: grant.app.key, integration }).await?;
        self.integration_gone();
        self.tell_withdrawn(due).await
    }
}
