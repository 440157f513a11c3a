//! Deletes an app with everything of it.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{App, AppKey};
use store::rows::sweeps::{self, SweepKind};
use store::rows::{apps, credentials, endpoints, subscriptions};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::webhooks;

struct DeleteApp {
    app: AppKey,
}

impl Command for DeleteApp {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let app = apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        mark_deleted(tx, ctx, &app).await
    }
}

/// Marks an app as deleted; the sweeper removes the rest.
pub(crate) async fn mark_deleted(tx: &mut Tx, ctx: &Ctx, app: &App) -> Result<()> {
    apps::mark_deleted(tx, app.key, ctx.now).await?;
    endpoints::release_accounts_of_app(tx, app.key).await?;
    // The keys of a deleted app open nothing, and nobody hears of it: what these slices leave
    // standing, if they ever do, waits for the sweeper.
    credentials::remove_of_app(tx, app.key, SWEEP_SLICE_ROWS_MAX).await?;
    for key in subscriptions::keys_of_app(tx, app.key, SWEEP_SLICE_ROWS_MAX / 2).await? {
        webhooks::end(tx, ctx, app.key, key).await?;
    }
    sweeps::insert(tx, SweepKind::App, app.key.0, app.key, None, ctx.now).await?;
    Ok(())
}

impl Hub {
    /// Deletes an app. It and its keys are gone at once, its webhooks hear nothing more; the rest is
    /// removed by and by.
    ///
    /// # Errors
    /// `NotFound` when it is gone already.
    pub async fn delete_app(&self, grant: &Grant) -> Result<()> {
        self.run(DeleteApp { app: grant.app.key }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
