//! Removes switchboards and members.

use model::Id;
use model::record::AppKey;
use model::switchboard::{RemovalRefusal, remove_member};
use store::rows::switchboards;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::board::{BoardRows, apply_removal};
use crate::rules::seating::check_not_endpoints;

struct DeleteSwitchboard {
    app: AppKey,
    switchboard: Id,
}

impl Command for DeleteSwitchboard {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = switchboards::by_id(tx, self.app, self.switchboard).await?;
        let switchboard = found.or_not_found(Thing::Switchboard)?;
        for member in switchboards::members(tx, switchboard.key).await? {
            check_not_endpoints(tx, &member).await?;
        }
        Ok(switchboards::remove(tx, switchboard.key, ctx.now).await?)
    }
}

struct DeleteMember {
    app: AppKey,
    switchboard: Id,
    member: Id,
}

impl Command for DeleteMember {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let rows = BoardRows::by_id(tx, self.app, self.switchboard).await?;
        let member = rows.member(self.member)?;
        check_not_endpoints(tx, member).await?;
        let seat = member.seat;
        let changes = remove_member(&rows.board(), seat, false).map_err(|refusal| match refusal {
            RemovalRefusal::NotAMember => HubError::NotFound(Thing::SwitchboardIntegration),
            refused => HubError::Invalid(refused.to_string()),
        })?;
        apply_removal(tx, ctx, &rows.switchboard, &changes).await
    }
}

impl Hub {
    /// Removes a switchboard with its members. The integrations stay and hear everything; nobody is
    /// in control of any conversation any more, and no event tells it.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard, `Forbidden` while an agent or bot of an endpoint is on it.
    pub async fn delete_switchboard(&self, grant: &Grant, switchboard: Id) -> Result<()> {
        self.run(DeleteSwitchboard { app: grant.app.key, switchboard }).await?;
        Ok(())
    }

    /// Removes a member from a switchboard. Where it was in control, the next activity of a customer
    /// assigns the conversation anew.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard or member, `Forbidden` for an agent or bot of an endpoint,
    /// `Invalid` while it is the default or comes after another one.
    pub async fn delete_switchboard_integration(
        &self,
        grant: &Grant,
        switchboard: Id,
        member: Id,
    ) -> Result<()> {
        self.run(DeleteMember { app: grant.app.key, switchboard, member }).await?;
        Ok(())
    }
}
