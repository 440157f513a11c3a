//! Devices of a user.

use model::Id;
use model::record::Device;
use store::rows::devices;

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::people::UserRef;

/// Devices that are shown at most; the list has no pages.
const DEVICES_LISTED_MAX: usize = 1_000;

impl Hub {
    /// The devices of a user, last seen first.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn list_devices(&self, grant: &Grant, user: &UserRef) -> Result<Vec<Device>> {
        let mut reader = self.reader().await?;
        let user = user.find(&mut reader, grant.app.key).await?;
        Ok(devices::of_user(&mut reader, user.key, DEVICES_LISTED_MAX).await?)
    }

    /// One device of a user.
    ///
    /// # Errors
    /// `NotFound` for an unknown user or device.
    pub async fn device(&self, grant: &Grant, user: &UserRef, device: Id) -> Result<Device> {
        let mut reader = self.reader().await?;
        let user = user.find(&mut reader, grant.app.key).await?;
        devices::one_of_user(&mut reader, user.key, device).await?.or_not_found(Thing::Device)
    }
}
