//! Deletes a user.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, UserKey};
use store::rows::sweeps::{self, SweepKind};
use store::rows::{conversations, participants, places, users};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::commands::conversation::delete::mark_deleted;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::people::UserRef;

/// Personal conversations that are deleted at a time; each changes about six rows.
const CONVERSATIONS_MAX: usize = SWEEP_SLICE_ROWS_MAX / 6;

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
        delete_personal(tx, ctx, user.key).await?;
        sweeps::insert(tx, SweepKind::User, user.key.0, self.app, None, ctx.now).await?;
        Ok(())
    }
}

/// Deletes the first personal conversations that a user still has; gives whether there were any.
pub(super) async fn delete_personal(tx: &mut Tx, ctx: &Ctx, user: UserKey) -> Result<bool> {
    let places = places::living(tx, user, false, CONVERSATIONS_MAX).await?;
    for place in &places {
        if let Some(conversation) = conversations::by_key(tx, place.conversation).await? {
            mark_deleted(tx, ctx, conversation).await?;
        }
        participants::remove(tx, place.key).await?;
    }
    Ok(!places.is_empty())
}

impl Hub {
    /// Deletes a user with its clients, devices, personal conversations and its messages in groups. It is
    /// gone at once, and so are its personal conversations (of very many the first ones); the sweeper
    /// removes the rest of what it had, and the last event tells the end.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn delete_user(&self, grant: &Grant, user: UserRef) -> Result<()> {
        self.run(DeleteUser { app: grant.app.key, user }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
