//! Removes a setting.

use model::record::AppKey;
use store::rows::settings;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;

struct RemoveSetting {
    app: AppKey,
    key: String,
}

impl Command for RemoveSetting {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        match settings::remove(tx, self.app, &self.key).await? {
            true => Ok(()),
            false => Err(HubError::NotFound(Thing::Setting)),
        }
    }
}

impl Hub {
    /// Removes a setting of an app.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn remove_setting(&self, grant: &Grant, key: &str) -> Result<()> {
        self.run(RemoveSetting { app: grant.app.key, key: key.to_owned() }).await
    }
}
