//! Makes the switchboard of an app; there is one at most.

use model::record::{AppKey, Switchboard, SwitchboardKey};
use store::rows::switchboards;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::board::SwitchboardView;

struct CreateSwitchboard {
    app: AppKey,
}

impl Command for CreateSwitchboard {
    type Out = Switchboard;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Switchboard> {
        if switchboards::of_app(tx, self.app).await?.is_some() {
            return Err(HubError::invalid("the app has a switchboard already"));
        }
        let mut switchboard = Switchboard {
            key: SwitchboardKey::default(),
            id: ctx.id(),
            app: self.app,
            enabled: false,
            default: None,
        };
        switchboard.key = switchboards::insert(tx, &switchboard).await?;
        Ok(switchboard)
    }
}

impl Hub {
    /// Makes the app's switchboard. It is off and has no members.
    ///
    /// # Errors
    /// `Invalid` when the app has one, `Repeated` for a request that was made before.
    pub async fn create_switchboard(&self, grant: &Grant) -> Result<SwitchboardView> {
        let switchboard = self.run_once(grant, CreateSwitchboard { app: grant.app.key }).await?;
        Ok(SwitchboardView { switchboard, default_id: None })
    }
}
