//! Reading attachments.

use std::sync::Arc;

use model::record::{Access, Attachment};
use store::GetRange;
use store::files::FileRead;
use store::rows::attachments;

use crate::access::{Caller, Grant, Reach};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// An attachment that is being read.
pub struct Download {
    /// What is known about it.
    pub attachment: Attachment,
    /// Its bytes.
    pub file: FileRead,
}

impl Hub {
    /// Opens the attachment of a URL. A private one needs a caller of its app.
    ///
    /// # Errors
    /// `NotFound` for an unknown token, `Forbidden` for a private attachment and a caller without
    /// the right key, or none.
    pub async fn download(
        &self,
        token: &str,
        caller: Option<&Arc<Caller>>,
        range: Option<GetRange>,
    ) -> Result<Download> {
        let (attachment, app_id) = {
            let mut reader = self.reader().await?;
            let found = attachments::by_token(&mut reader, token).await?.or_not_found(Thing::Attachment)?;
            let app_id =
                attachments::app_id_of(&mut reader, found.app).await?.or_not_found(Thing::Attachment)?;
            (found, app_id)
        };
        if attachment.access == Access::Private {
            let denied =
                || HubError::Forbidden("the attachment is private: a key of its app is needed".into());
            let caller = caller.ok_or_else(denied)?;
            match &caller.reach {
                Reach::Account => {
                    self.grant(caller.clone(), app_id).await.map(|_| ()).map_err(|_| denied())?
                }
                Reach::App { app_id: opened } | Reach::Integration { app_id: opened, .. } => {
                    if *opened != app_id {
                        return Err(denied());
                    }
                }
            }
        }
        let file = self.files().read(token, range).await?.or_not_found(Thing::Attachment)?;
        Ok(Download { attachment, file })
    }

    /// One attachment of an app, by the token in its URL.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn attachment(&self, grant: &Grant, token: &str) -> Result<Attachment> {
        let mut reader = self.reader().await?;
        let found = attachments::by_token(&mut reader, token).await?;
        found.filter(|found| found.app == grant.app.key).or_not_found(Thing::Attachment)
    }
}
