//! Removes an attachment.

use model::record::AppKey;
use store::rows::attachments;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

struct RemoveAttachment {
    app: AppKey,
    token: String,
}

impl Command for RemoveAttachment {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = attachments::by_token(tx, &self.token).await?;
        let attachment = found.filter(|found| found.app == self.app).or_not_found(Thing::Attachment)?;
        attachments::mark_deleted(tx, attachment.key, ctx.now).await?;
        Ok(())
    }
}

impl Hub {
    /// Removes the attachment behind one of our URLs. It is gone at once; messages that show it keep
    /// the dead address.
    ///
    /// # Errors
    /// `Invalid` for an address that is not ours, `NotFound` for an unknown attachment.
    pub async fn remove_attachment(&self, grant: &Grant, media_url: &str) -> Result<()> {
        let Some(token) = self.token_of(media_url).map(str::to_owned) else {
            return Err(HubError::invalid("mediaUrl: not the address of an attachment of this server"));
        };
        self.run_once(grant, RemoveAttachment { app: grant.app.key, token }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
