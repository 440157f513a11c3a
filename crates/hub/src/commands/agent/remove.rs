//! Removes people who answer.

use model::limits::AGENTS_AT_ONCE_MAX;
use model::record::AppKey;
use store::rows::agents;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

struct RemoveAgents {
    app: AppKey,
    external_ids: Vec<String>,
}

impl Command for RemoveAgents {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for external_id in &self.external_ids {
            let found = agents::by_external_id(tx, self.app, external_id).await?;
            agents::remove(tx, found.or_not_found(Thing::Agent)?.key).await?;
        }
        Ok(())
    }
}

/// One slice of everybody up to a place; gives whether there may be more.
struct RemoveUpTo {
    app: AppKey,
    place: i64,
}

impl Command for RemoveUpTo {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let removed = agents::remove_up_to(tx, self.app, self.place, AGENTS_AT_ONCE_MAX).await?;
        Ok(removed >= AGENTS_AT_ONCE_MAX as u64)
    }
}

impl Hub {
    /// Removes these people, all or none.
    ///
    /// # Errors
    /// `Invalid` for none or more than 500 at once; `NotFound` when one of them is unknown, or is named
    /// twice.
    pub async fn remove_agents(&self, grant: &Grant, external_ids: Vec<String>) -> Result<()> {
        if !(1..=AGENTS_AT_ONCE_MAX).contains(&external_ids.len()) {
            return Err(HubError::Invalid(format!(
                "1 to {AGENTS_AT_ONCE_MAX} agents can be removed at once"
            )));
        }
        self.run(RemoveAgents { app: grant.app.key, external_ids }).await
    }

    /// Removes everybody who is there at this moment, slice by slice.
    ///
    /// # Errors
    /// The store's; who was removed until then stays removed.
    pub async fn remove_all_agents(&self, grant: &Grant) -> Result<()> {
        let place = {
            let mut reader = self.reader().await?;
            agents::last_place(&mut reader, grant.app.key).await?
        };
        while self.run(RemoveUpTo { app: grant.app.key, place }).await? {}
        Ok(())
    }
}
