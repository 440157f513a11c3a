//! Removes a client.

use model::Id;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::AppKey;
use store::rows::clients;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::clients::{strip, tell_removed};
use crate::rules::people::UserRef;

struct RemoveClient {
    app: AppKey,
    user: UserRef,
    client: Id,
}

impl Command for RemoveClient {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let user = self.user.find(tx, self.app).await?;
        let client = clients::one_of_user(tx, user.key, self.client).await?.or_not_found(Thing::Client)?;
        if client.kind == clients::SDK {
            return Err(HubError::invalid("Cannot remove a client of type 'sdk'"));
        }
        // A rest beyond one slice is seen by nobody, since the client is gone, and goes with the
        // participants.
        strip(tx, &client, SWEEP_SLICE_ROWS_MAX).await?;
        clients::remove(tx, client.key).await?;
        tell_removed(tx, ctx, self.app, client, None).await
    }
}

impl Hub {
    /// Removes a client of a channel, linked or pending, from its user and from every conversation.
    ///
    /// # Errors
    /// `NotFound` for an unknown user or client; `Invalid` for that of the messenger, which goes with its
    /// user.
    pub async fn remove_client(&self, grant: &Grant, user: UserRef, client: Id) -> Result<()> {
        self.run(RemoveClient { app: grant.app.key, user, client }).await
    }
}
