//! Moves what a merged user still has to the one that it is now.

use model::record::UserKey;
use store::rows::sweeps::{self, Sweep};
use store::rows::users;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::rules::merge::move_slice;

/// One slice. Gives whether the sweep is done.
pub(crate) struct MoveRest(pub Sweep);

impl Command for MoveRest {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let from = UserKey(self.0.target);
        let to = users::surviving(tx, from).await?.filter(|to| *to != from);
        if let Some(to) = to
            && move_slice(tx, ctx, self.0.app, from, to).await?
        {
            return Ok(false);
        }
        sweeps::remove(tx, self.0.key).await?;
        Ok(true)
    }
}
