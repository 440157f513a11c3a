//! Disconnects something from an app.

use model::Id;
use model::record::AppKey;
use store::rows::switchboards;
use store::rows::withdrawals::Withdrawal;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::{integrations, seating};
use crate::supervision::to_its_end;

/// What becomes of an integration's seats on the switchboard.
enum Seats {
    /// They keep it from going.
    Hold,
    /// They go first.
    Yield,
}

struct DeleteIntegration {
    app: AppKey,
    integration: Id,
    seats: Seats,
}

impl Command for DeleteIntegration {
    type Out = Option<Withdrawal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Withdrawal>> {
        let integration = integrations::find(tx, self.app, self.integration).await?;
        match self.seats {
            Seats::Yield => seating::unseat(tx, ctx, &integration).await?,
            Seats::Hold if switchboards::is_linked(tx, integration.key).await? => {
                let text = "the integration is linked to a switchboard; remove it there first";
                return Err(HubError::invalid(text));
            }
            Seats::Hold => {}
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
        self.take_away(grant, integration, Seats::Hold).await
    }

    /// The same for one that may have a seat on the switchboard: who pointed to it points past it, and who
    /// answers first is chosen anew.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn unseat_and_delete_integration(&self, grant: &Grant, integration: Id) -> Result<()> {
        self.take_away(grant, integration, Seats::Yield).await
    }

    async fn take_away(&self, grant: &Grant, integration: Id, seats: Seats) -> Result<()> {
        let (hub, app) = (self.clone(), grant.app.key);
        to_its_end(async move {
            let due = hub.run(DeleteIntegration { app, integration, seats }).await?;
            hub.wake_sweeper();
            hub.tell_withdrawn(due).await
        })
        .await
    }
}
