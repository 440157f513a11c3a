//! Sends a delivery that was given up again.

use model::Id;
use model::record::AppKey;
use store::rows::deliveries::{self, Dead};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::once::ResultName;
use crate::queries::deliveries::DeliveryView;

struct ReplayDelivery {
    app: AppKey,
    id: Id,
}

impl ResultName for Dead {
    fn result_name(&self) -> Option<String> {
        Some(self.id.to_string())
    }
}

impl Command for ReplayDelivery {
    type Out = Dead;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Dead> {
        deliveries::dead_by_id(tx, self.app, self.id).await?.or_not_found(Thing::Delivery)?;
        deliveries::replay(tx, self.app, self.id, ctx.now).await?;
        deliveries::dead_by_id(tx, self.app, self.id).await?.or_not_found(Thing::Delivery)
    }
}

impl Hub {
    /// Asks for a delivery that was given up to be sent again, from the background.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, or one that was delivered after all.
    pub async fn replay_delivery(&self, grant: &Grant, id: Id) -> Result<DeliveryView> {
        let dead = self.run_once(grant, ReplayDelivery { app: grant.app.key, id }).await?;
        let mut reader = self.reader().await?;
        crate::queries::deliveries::of_dead(&mut reader, dead).await?.or_not_found(Thing::Delivery)
    }
}
