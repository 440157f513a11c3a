//! What sendings have left that ended in the middle: the message was deleted, or its client is gone. What was
//! sent as a whole goes when the subscription settles it.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::SubscriptionKey;
use store::rows::sends;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Sendings that nobody goes on with: once that is so, it stays so.
struct ForgetSends(Vec<(SubscriptionKey, i64)>);

impl Command for ForgetSends {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for (subscription, event) in &self.0 {
            sends::forget(tx, *subscription, *event).await?;
        }
        Ok(())
    }
}

impl Hub {
    /// Looks through all sendings, a slice at a time; most of them are on their way.
    pub(super) async fn forget_sends(&self) -> Result<()> {
        let mut after = Some((SubscriptionKey(0), 0));
        while let Some(from) = after {
            let mut reader = self.reader().await?;
            let (left, last) = sends::left_behind(&mut reader, from, SWEEP_SLICE_ROWS_MAX).await?;
            drop(reader);
            if !left.is_empty() {
                self.run(ForgetSends(left)).await?;
            }
            after = last;
        }
        Ok(())
    }
}
