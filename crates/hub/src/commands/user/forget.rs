//! Clears what is known about the person behind a user.

use model::content::Metadata;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Profile, User};
use serde_json::json;
use store::rows::sweeps::{self, SweepKind};
use store::rows::{clients, events, messages, users};
use store::{Command, Ctx, Tx};

use super::sweep::NamesProgress;
use crate::access::Grant;
use crate::commands::sweep::EventsProgress;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::people::UserRef;

struct ForgetPerson {
    app: AppKey,
    user: UserRef,
}

impl Command for ForgetPerson {
    type Out = User;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<User> {
        let mut user = self.user.find(tx, self.app).await?;
        user.profile = Profile::default();
        user.metadata = Metadata::new();
        user.identities.clear();
        let through = messages::newest(tx).await?;
        users::update(tx, &user).await?;
        users::remove_identities(tx, user.key).await?;
        let cleared = clients::clear_personal(tx, user.key, SWEEP_SLICE_ROWS_MAX).await?;
        let clients_left = cleared >= SWEEP_SLICE_ROWS_MAX as u64;
        let rest = json!(NamesProgress { clients_left, through, ..NamesProgress::default() });
        sweeps::insert(tx, SweepKind::UserNames, user.key.0, self.app, Some(&rest), ctx.now).await?;
        let rest = json!(EventsProgress::up_to(events::newest(tx).await?));
        sweeps::insert(tx, SweepKind::Events, user.key.0, self.app, Some(&rest), ctx.now).await?;
        Ok(user)
    }
}

impl Hub {
    /// Clears profile, metadata and identities of a user and what channels have said about the
    /// person; history and external id stay. The sweeper clears the names in old messages and what
    /// old events have kept of the person. No event
    /// tells it.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn delete_personal_information(&self, grant: &Grant, user: UserRef) -> Result<User> {
        let user = self.run(ForgetPerson { app: grant.app.key, user }).await?;
        self.wake_sweeper();
        Ok(user)
    }
}
