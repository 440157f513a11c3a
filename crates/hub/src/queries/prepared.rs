//! Canned replies and transfer links.

use std::sync::Arc;

use model::Id;
use model::limits::PREPARED_MAX;
use model::record::{CannedReply, TransferLink};
use store::rows::{apps, canned_replies, transfer_links};

use crate::access::{Caller, Grant};
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;

impl Hub {
    /// A canned reply, and the grant for its app.
    ///
    /// # Errors
    /// `NotFound` for one that is unknown or not the caller's.
    pub async fn canned_reply(&self, caller: &Arc<Caller>, id: Id) -> Result<(Grant, CannedReply)> {
        let mut reader = self.reader().await?;
        let found = canned_replies::by_id(&mut reader, id).await?.or_not_found(Thing::CannedReply)?;
        let app = apps::by_key(&mut reader, found.app).await?.or_not_found(Thing::CannedReply)?;
        drop(reader);
        Ok((self.grant_for(caller, &app, Thing::CannedReply).await?, found))
    }

    /// The canned reply of an app that has this name.
    ///
    /// # Errors
    /// The store's.
    pub async fn canned_reply_named(&self, grant: &Grant, name: &str) -> Result<Option<CannedReply>> {
        let mut reader = self.reader().await?;
        Ok(canned_replies::by_name(&mut reader, grant.app.key, name).await?)
    }

    /// The transfer link of an app that has this name.
    ///
    /// # Errors
    /// The store's.
    pub async fn transfer_link_named(&self, grant: &Grant, name: &str) -> Result<Option<TransferLink>> {
        let mut reader = self.reader().await?;
        Ok(transfer_links::by_name(&mut reader, grant.app.key, name).await?)
    }

    /// The canned replies of an app, by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_canned_replies(&self, grant: &Grant) -> Result<Vec<CannedReply>> {
        let mut reader = self.reader().await?;
        Ok(canned_replies::of_app(&mut reader, grant.app.key, PREPARED_MAX).await?)
    }

    /// A transfer link, and the grant for its app.
    ///
    /// # Errors
    /// `NotFound` for one that is unknown or not the caller's.
    pub async fn transfer_link(&self, caller: &Arc<Caller>, id: Id) -> Result<(Grant, TransferLink)> {
        let mut reader = self.reader().await?;
        let found = transfer_links::by_id(&mut reader, id).await?.or_not_found(Thing::TransferLink)?;
        let app = apps::by_key(&mut reader, found.app).await?.or_not_found(Thing::TransferLink)?;
        drop(reader);
        Ok((self.grant_for(caller, &app, Thing::TransferLink).await?, found))
    }

    /// The transfer links of an app, by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_transfer_links(&self, grant: &Grant) -> Result<Vec<TransferLink>> {
        let mut reader = self.reader().await?;
        Ok(transfer_links::of_app(&mut reader, grant.app.key, PREPARED_MAX).await?)
    }
}
