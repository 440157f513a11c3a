//! What is left of a receipt that speaks of very many messages.

use model::record::ClientKey;
use store::rows::sweeps::{self, Sweep};
use store::rows::{clients, integrations};
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::rules::receipts::{self, Rest};

/// One slice. Gives whether the sweep is done.
pub(super) struct TakeReceipts(pub Sweep);

impl Command for TakeReceipts {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let left = match self.0.detail.as_ref().and_then(Rest::of_detail) {
            Some(rest) => self.slice(tx, ctx, rest).await?,
            None => None,
        };
        match &left {
            Some(rest) => sweeps::set_detail(tx, self.0.key, &rest.to_detail()).await?,
            None => sweeps::remove(tx, self.0.key).await?,
        }
        Ok(left.is_none())
    }
}

impl TakeReceipts {
    /// Takes some; gives what is left. What is gone meanwhile has nothing to be told of.
    async fn slice(&self, tx: &mut Tx, ctx: &Ctx, rest: Rest) -> Result<Option<Rest>> {
        let Some(integration) = integrations::by_key(tx, rest.integration).await? else { return Ok(None) };
        match rest.up_to {
            None => receipts::take_ids(tx, ctx, &integration, &rest.ids, rest.told).await,
            Some(moment) => {
                let client = clients::by_key(tx, ClientKey(self.0.target)).await?;
                let Some(client) = client else { return Ok(None) };
                receipts::take_up_to(tx, ctx, &integration, &client, moment, rest.told).await
            }
        }
    }
}
