//! Changes on what people who answer are called.

use model::record::{Agent, AppKey};
use store::rows::agents;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// On what somebody is called; `None` leaves it as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentDevices {
    /// Their telephone.
    pub phone: Option<bool>,
    /// Their program.
    pub sip: Option<bool>,
}

struct SetDevices {
    app: AppKey,
    external_id: String,
    devices: AgentDevices,
}

impl Command for SetDevices {
    type Out = Agent;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Agent> {
        let found = agents::by_external_id(tx, self.app, &self.external_id).await?;
        let mut agent = found.or_not_found(Thing::Agent)?;
        agent.rings_phone = self.devices.phone.unwrap_or(agent.rings_phone);
        agent.rings_sip = self.devices.sip.unwrap_or(agent.rings_sip);
        if !agent.rings_phone && !agent.rings_sip {
            return Err(HubError::invalid("at least one device stays on"));
        }
        agent.updated_at = ctx.now;
        agents::set_devices(tx, &agent).await?;
        Ok(agent)
    }
}

impl Hub {
    /// Changes on what a person who answers is called.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, `Invalid` when no device would stay on.
    pub async fn set_agent_devices(
        &self,
        grant: &Grant,
        external_id: &str,
        devices: AgentDevices,
    ) -> Result<Agent> {
        let external_id = external_id.to_owned();
        self.run(SetDevices { app: grant.app.key, external_id, devices }).await
    }
}
