//! People who answer.

use model::record::Agent;
use store::rows::agents;

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;

impl Hub {
    /// One person who answers.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn agent(&self, grant: &Grant, external_id: &str) -> Result<Agent> {
        let mut reader = self.reader().await?;
        agents::by_external_id(&mut reader, grant.app.key, external_id).await?.or_not_found(Thing::Agent)
    }

    /// Up to `limit` people who answer behind a place, in the order in which they came.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_agents(&self, grant: &Grant, after: i64, limit: usize) -> Result<Vec<Agent>> {
        let mut reader = self.reader().await?;
        Ok(agents::page(&mut reader, grant.app.key, after, limit).await?)
    }
}
