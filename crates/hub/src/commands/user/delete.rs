//! Deletes a user.

use model::record::AppKey;
use store::rows::sweeps::{self, SweepKind};
use store::rows::users;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::people::UserRef;

struct DeleteUser {
    app: AppKey,
    user: UserRef,
}

impl Command for DeleteUser {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let user = self.user.find(tx, self.app).await?;
        users::mark_deleted(tx, user.key, ctx.now).await?;
        sweeps::insert(tx, SweepKind::User, user.key.0, self.app, None, ctx.now).await?;
        Ok(())
    }
}

impl Hub {
    /// Deletes a user with its clients, devices, personal conversations and its messages in groups.
    /// It is gone at once; the sweeper removes what it had, and the last event tells the end.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn delete_user(&self, grant: &Grant, user: UserRef) -> Result<()> {
        self.run(DeleteUser { app: grant.app.key, user }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
