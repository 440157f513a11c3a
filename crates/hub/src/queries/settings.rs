//! Settings of an app.

use model::limits::APP_SETTINGS_MAX;
use model::setting::Setting;
use store::rows::settings;

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;

impl Hub {
    /// The settings of an app by key, a thousand at most.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_settings(&self, grant: &Grant) -> Result<Vec<Setting>> {
        let mut reader = self.reader().await?;
        Ok(settings::of_app(&mut reader, grant.app.key, APP_SETTINGS_MAX).await?)
    }

    /// One setting of an app.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn setting(&self, grant: &Grant, key: &str) -> Result<Setting> {
        let mut reader = self.reader().await?;
        settings::by_key(&mut reader, grant.app.key, key).await?.or_not_found(Thing::Setting)
    }
}
