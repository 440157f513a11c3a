//! Apps.

use std::sync::Arc;

use model::record::App;
use store::rows::{Seek, apps};

use crate::access::Caller;
use crate::error::Result;
use crate::hub::Hub;
use crate::page::{Page, PageRequest};

impl Hub {
    /// The apps of the caller's account, by creation.
    ///
    /// # Errors
    /// `Forbidden` without account scope.
    pub async fn list_apps(&self, caller: &Arc<Caller>, request: PageRequest) -> Result<Page<App>> {
        caller.check_account("lists apps")?;
        let mut reader = self.reader().await?;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let found = apps::page(&mut reader, caller.account, seek, limit).await?;
        let page = Page::cut(request, found);
        let Some(beyond) = page.beyond(request, |app| app.id) else { return Ok(page) };
        let found = apps::page(&mut reader, caller.account, beyond, 1).await?;
        Ok(page.with_beyond(!found.is_empty()))
    }
}
