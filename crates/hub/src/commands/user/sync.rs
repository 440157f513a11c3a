//! Unites users that a help desk knows as one.

use model::event::UserMergeReason;
use model::record::{AppKey, User};
use store::rows::users;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::merge::merge;

struct SyncUser {
    app: AppKey,
    zendesk_id: String,
    surviving: Option<String>,
}

impl Command for SyncUser {
    type Out = User;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<User> {
        let user = users::by_zendesk_id(tx, self.app, &self.zendesk_id).await?.or_not_found(Thing::User)?;
        let surviving = match &self.surviving {
            Some(id) => users::by_zendesk_id(tx, self.app, id).await?.or_not_found(Thing::User)?,
            None => return Ok(user),
        };
        if surviving.key == user.key {
            return Ok(user);
        }
        merge(tx, ctx, self.app, surviving, user, UserMergeReason::ByCaller, None).await
    }
}

impl Hub {
    /// Merges the user with this help-desk id into the `surviving` one; without that it is given
    /// back as it is. Only imported users have such ids (sunshine-v2.md §4.4).
    ///
    /// # Errors
    /// `NotFound` when no user has one of the ids.
    pub async fn sync_user(&self, grant: &Grant, zendesk_id: &str, surviving: Option<&str>) -> Result<User> {
        let command = SyncUser {
            app: grant.app.key,
            zendesk_id: zendesk_id.to_owned(),
            surviving: surviving.map(str::to_owned),
        };
        let user = self.run_once(grant, command).await?;
        self.wake_sweeper();
        Ok(user)
    }
}
