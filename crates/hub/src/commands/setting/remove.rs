//! Removes a setting.

use model::record::AppKey;
use model::setting::Notice;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;
use crate::rules::settings;

struct RemoveSetting {
    app: AppKey,
    key: String,
}

impl Command for RemoveSetting {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        match settings::remove(tx, ctx, self.app, &self.key).await? {
            true => Ok(()),
            false => Err(HubError::NotFound(Thing::Setting)),
        }
    }
}

impl Hub {
    /// Removes a setting of an app; nobody is told at its address any more.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn remove_setting(&self, grant: &Grant, key: &str) -> Result<()> {
        self.run(RemoveSetting { app: grant.app.key, key: key.to_owned() }).await?;
        if Notice::of(key).is_some() {
            self.wake_sweeper();
        }
        Ok(())
    }
}
