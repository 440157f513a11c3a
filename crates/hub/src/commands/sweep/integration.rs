//! The clients of a deleted integration become inactive.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use store::rows::sweeps::{self, Sweep};
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};

/// One slice. Gives whether the sweep is done.
pub(super) struct DeactivateClients(pub Sweep);

impl Command for DeactivateClients {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let changed = sweeps::deactivate_clients(tx, self.0.target, SWEEP_SLICE_ROWS_MAX).await?;
        if changed == 0 {
            sweeps::remove(tx, self.0.key).await?;
        }
        Ok(changed == 0)
    }
}
