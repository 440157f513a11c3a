//! Clients of a user.

use model::Id;
use model::record::Client;
use store::rows::{Seek, clients};

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::page::{Page, PageRequest};
use crate::rules::people::UserRef;

impl Hub {
    /// A page of the clients of a user, linked and pending ones alike, oldest first.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn list_clients(
        &self,
        grant: &Grant,
        user: &UserRef,
        request: PageRequest,
    ) -> Result<Page<Client>> {
        let mut reader = self.reader().await?;
        let user = user.find(&mut reader, grant.app.key).await?;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let page = Page::cut(request, clients::page(&mut reader, user.key, seek, limit).await?);
        let Some(beyond) = page.beyond(request, |client| client.id) else { return Ok(page) };
        let found = clients::page(&mut reader, user.key, beyond, 1).await?;
        Ok(page.with_beyond(!found.is_empty()))
    }

    /// One client of a user.
    ///
    /// # Errors
    /// `NotFound` for an unknown user or client.
    pub async fn client(&self, grant: &Grant, user: &UserRef, client: Id) -> Result<Client> {
        let mut reader = self.reader().await?;
        let user = user.find(&mut reader, grant.app.key).await?;
        clients::one_of_user(&mut reader, user.key, client).await?.or_not_found(Thing::Client)
    }
}
