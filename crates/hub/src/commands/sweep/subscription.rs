//! What waits for a removed subscription: parked lanes, dead deliveries, sends on their way.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::SubscriptionKey;
use store::rows::sweeps::{self, Sweep};
use store::rows::{deliveries, sends};
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};

/// One slice. Gives whether the sweep is done.
pub(super) struct ForgetSubscription(pub Sweep);

impl Command for ForgetSubscription {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let subscription = SubscriptionKey(self.0.target);
        let removed = deliveries::forget_subscription(tx, subscription, SWEEP_SLICE_ROWS_MAX).await?
            + sends::forget_subscription(tx, subscription, SWEEP_SLICE_ROWS_MAX).await?;
        if removed == 0 {
            sweeps::remove(tx, self.0.key).await?;
        }
        Ok(removed == 0)
    }
}
