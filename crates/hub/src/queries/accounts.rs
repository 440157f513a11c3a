//! Accounts and their keys, for the operator.

use model::Id;
use model::record::Account;
use store::rows::{accounts, credentials};

use crate::commands::account::AccountKeyView;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;

impl Hub {
    /// Every account, oldest first; the first is the default one.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_accounts(&self) -> Result<Vec<Account>> {
        let mut reader = self.reader().await?;
        Ok(accounts::all(&mut reader).await?)
    }

    /// The keys of an account or, without one, of all accounts, oldest first.
    ///
    /// # Errors
    /// `NotFound` for an unknown account.
    pub async fn list_account_keys(&self, account: Option<Id>) -> Result<Vec<AccountKeyView>> {
        let mut reader = self.reader().await?;
        let account = match account {
            Some(id) => Some(accounts::by_id(&mut reader, id).await?.or_not_found(Thing::Account)?.key),
            None => None,
        };
        let found = credentials::of_accounts(&mut reader, account).await?;
        Ok(found
            .into_iter()
            .map(|(account_id, credential)| AccountKeyView { account_id, credential })
            .collect())
    }
}
