//! Apps with their accounts at a carrier.

use std::collections::HashMap;
use std::sync::Arc;

use model::Id;
use model::limits::NUMBERED_LIST_ROWS_MAX;
use model::record::{App, AppKey, CarrierAccount};
use store::rows::{Seek, apps, carriers};

use crate::access::{Caller, Grant};
use crate::error::Result;
use crate::hub::Hub;

/// An app with its account at a carrier. One that was made without has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// The app.
    pub app: App,
    /// What it uses to talk to its carrier.
    pub carrier: Option<CarrierAccount>,
}

impl Hub {
    /// An app with its account at a carrier.
    ///
    /// # Errors
    /// The store's.
    pub async fn registration(&self, grant: &Grant) -> Result<Registration> {
        let mut reader = self.reader().await?;
        let carrier = carriers::of_app(&mut reader, grant.app.key).await?;
        Ok(Registration { app: (*grant.app).clone(), carrier })
    }

    /// The apps of the caller's account by creation, 10,000 at most.
    ///
    /// # Errors
    /// `Forbidden` without account scope.
    pub async fn list_registrations(&self, caller: &Arc<Caller>) -> Result<Vec<Registration>> {
        caller.check_account("lists apps")?;
        let mut reader = self.reader().await?;
        let first = Seek::After(Id::MIN);
        let found = apps::page(&mut reader, caller.account, first, NUMBERED_LIST_ROWS_MAX).await?;
        let carriers = carriers::of_account(&mut reader, caller.account).await?;
        let mut carriers: HashMap<AppKey, CarrierAccount> = carriers.into_iter().collect();
        let registered = |app: App| Registration { carrier: carriers.remove(&app.key), app };
        Ok(found.into_iter().map(registered).collect())
    }
}
