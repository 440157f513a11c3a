//! Ends links that nobody has completed in time.

use model::record::{AppKey, ClientKey};
use store::rows::clients;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::clients::{LinkEnd, end_link};

/// Links that were found to be over. Gives that all are done.
struct ExpireLinks(Vec<(AppKey, ClientKey)>);

impl Command for ExpireLinks {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        for (app, key) in &self.0 {
            let Some(client) = clients::by_key(tx, *key).await? else { continue };
            // It may have been completed meanwhile.
            if client.link.as_ref().is_some_and(|link| link.expires_at <= ctx.now) {
                end_link(tx, ctx, *app, client, LinkEnd::Expired).await?;
            }
        }
        Ok(true)
    }
}

impl Hub {
    /// Ends up to `limit` links whose time is over, and tells it; gives how many there were. For a timer.
    ///
    /// # Errors
    /// The store's.
    pub async fn expire_links(&self, limit: usize) -> Result<usize> {
        let expired = clients::expired_links(&mut *self.reader().await?, self.now(), limit).await?;
        self.run_for_each("links", &expired, |(_, key)| key.0, |expired| ExpireLinks(expired.to_vec()))
            .await?;
        Ok(expired.len())
    }
}
