//! Removes everything of a deleted app.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use serde_json::json;
use store::rows::sweeps::{self, Sweep, SweepKind};
use store::rows::{attachments, conversations, events, integrations, subscriptions};
use store::{Command, Ctx, Tx};

use super::conversation::{remove_below, remove_rows};
use super::events::EventsProgress;
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
            if remove_below(tx, ctx, conversation).await? {
                let mut left = limit;
                remove_rows(tx, conversation, &mut left).await?;
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
        // Nobody is told any more; what its events say of people goes, too.
        let rest = json!(EventsProgress::up_to(events::newest(tx).await?));
        sweeps::insert(tx, SweepKind::Events, 0, app, Some(&rest), ctx.now).await?;
        sweeps::remove_app(tx, app).await?;
        sweeps::remove(tx, self.0.key).await?;
        Ok(true)
    }
}
