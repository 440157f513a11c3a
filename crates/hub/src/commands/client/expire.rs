//! Ends links that nobody has completed in time.

use store::rows::clients;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::clients::{LinkEnd, end_link};

struct ExpireLinks {
    limit: usize,
}

impl Command for ExpireLinks {
    type Out = usize;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<usize> {
        let expired = clients::expired_links(tx, ctx.now, self.limit).await?;
        let ended = expired.len();
        for (app, client) in expired {
            end_link(tx, ctx, app, client, LinkEnd::Expired).await?;
        }
        Ok(ended)
    }
}

impl Hub {
    /// Ends up to `limit` links whose time is over, and tells it; gives how many. For a timer.
    ///
    /// # Errors
    /// The store's.
    pub async fn expire_links(&self, limit: usize) -> Result<usize> {
        let is_idle = {
            let mut reader = self.reader().await?;
            clients::expired_links(&mut reader, self.now(), 1).await?.is_empty()
        };
        if is_idle {
            return Ok(0);
        }
        self.run(ExpireLinks { limit }).await
    }
}
