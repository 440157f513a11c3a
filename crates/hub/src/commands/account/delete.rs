//! Deletes an account with everything of it.

use std::sync::Arc;

use model::Id;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AccountKey, AppKey};
use store::rows::accounts;
use store::rows::sweeps::{self, SweepKind};
use store::rows::{apps, credentials};
use store::{Command, Ctx, Tx};

use crate::access::Caller;
use crate::commands::app;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// Apps that one slice marks as deleted; each ends subscriptions and keys.
const APPS_AT_ONCE_MAX: usize = 10;

struct DeleteAccount {
    account: AccountKey,
}

impl Command for DeleteAccount {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let account = accounts::by_key(tx, self.account).await?.or_not_found(Thing::Account)?;
        if accounts::oldest(tx).await?.is_some_and(|oldest| oldest.key == account.key) {
            return Err(HubError::invalid("the default account belongs to the operator and stays"));
        }
        accounts::mark_deleted(tx, account.key, ctx.now).await?;
        let (kind, nobody) = (SweepKind::Account, AppKey(0));
        sweeps::insert(tx, kind, account.key.0, nobody, None, ctx.now).await?;
        Ok(())
    }
}

/// One slice of what a deleted account has. Gives whether the sweep is done.
pub(crate) struct RemoveAccount(pub sweeps::Sweep);

impl Command for RemoveAccount {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let account = AccountKey(self.0.target);
        let living = accounts::living_apps(tx, account, APPS_AT_ONCE_MAX).await?;
        for key in &living {
            if let Some(app) = apps::by_key(tx, *key).await? {
                app::mark_deleted(tx, ctx, &app).await?;
            }
        }
        if !living.is_empty() || credentials::remove_of_account(tx, account, SWEEP_SLICE_ROWS_MAX).await? > 0
        {
            return Ok(false);
        }
        sweeps::remove(tx, self.0.key).await?;
        Ok(true)
    }
}

impl Hub {
    /// Deletes the caller's account. It and all its keys open nothing from now on; its apps go by and by.
    ///
    /// # Errors
    /// `Forbidden` without account scope, `Invalid` for the default account.
    pub async fn delete_account(&self, caller: &Arc<Caller>) -> Result<()> {
        caller.check_account("deletes it")?;
        self.end_account(caller.account).await
    }

    /// The same for any account, for the operator.
    ///
    /// # Errors
    /// `NotFound` for an unknown account, `Invalid` for the default one.
    pub async fn delete_account_by_id(&self, id: Id) -> Result<()> {
        let account = {
            let mut reader = self.reader().await?;
            accounts::by_id(&mut reader, id).await?.or_not_found(Thing::Account)?
        };
        self.end_account(account.key).await
    }

    async fn end_account(&self, account: AccountKey) -> Result<()> {
        self.run(DeleteAccount { account }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
