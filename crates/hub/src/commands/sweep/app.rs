//! Removes everything of a deleted app.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use store::rows::sweeps::{self, Sweep};
use store::rows::{attachments, conversations, integrations, subscriptions};
use store::{Command, Ctx, Tx};

use super::conversation::remove_slice;
use crate::error::{HubError, Result};
use crate::rules::integrations::withdraw;
use crate::rules::webhooks;

/// One slice. Gives whether the sweep is done.
pub(super) struct RemoveApp(pub Sweep);

impl Command for RemoveApp {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let (app, limit) = (self.0.app, SWEEP_SLICE_ROWS_MAX);
        // First, while their secrets are there: providers are told at the end of the sweep.
        let connected = integrations::of_app(tx, app, limit).await?;
        for integration in &connected {
            withdraw(tx, ctx, integration, 0).await?;
            integrations::mark_deleted(tx, integration.key, ctx.now).await?;
        }
        if !connected.is_empty() {
            return Ok(false);
        }
        if let Some(conversation) = conversations::keys_of_app(tx, app, 1).await?.pop() {
            if remove_slice(tx, ctx, conversation).await? {
                conversations::remove(tx, conversation).await?;
            }
            return Ok(false);
        }
        if attachments::mark_deleted_with_app(tx, app, ctx.now, limit).await? > 0 {
            return Ok(false);
        }
        let hearing = subscriptions::keys_of_app(tx, app, limit / 2).await?;
        for key in &hearing {
            webhooks::end(tx, ctx, app, *key).await?;
        }
        if !hearing.is_empty() {
            return Ok(false);
        }
        if sweeps::remove_slice_of_app(tx, app, limit).await? > 0 {
            return Ok(false);
        }
        sweeps::remove_app(tx, app).await?;
        sweeps::remove(tx, self.0.key).await?;
        Ok(true)
    }
}
