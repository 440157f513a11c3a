//! Makes accounts. The oldest is the default one (decision 17).

use model::record::{Account, AccountKey, Credential};
use store::rows::accounts;
use store::{Command, Ctx, Tx};

use super::{NewAccount, check_name};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::keys::{KeyOwner, KeySeed, NewKey};

/// The name of the account that a fresh store has.
const DEFAULT_NAME: &str = "default";

/// The default account; made when there is none.
pub(super) async fn ensure_default(tx: &mut Tx, ctx: &Ctx) -> Result<Account> {
    match accounts::oldest(tx).await? {
        Some(account) => Ok(account),
        None => insert(tx, ctx, DEFAULT_NAME, None).await,
    }
}

async fn insert(tx: &mut Tx, ctx: &Ctx, name: &str, email: Option<&str>) -> Result<Account> {
    let mut account = Account {
        key: AccountKey::default(),
        id: ctx.id(),
        name: name.to_owned(),
        email: email.map(str::to_owned),
        created_at: ctx.now,
    };
    account.key = accounts::insert(tx, &account).await?;
    Ok(account)
}

struct EnsureDefaultAccount;

impl Command for EnsureDefaultAccount {
    type Out = Account;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Account> {
        ensure_default(tx, ctx).await
    }
}

struct CreateAccount {
    key: KeySeed,
    email: Option<String>,
}

impl Command for CreateAccount {
    type Out = (Account, Credential);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(Account, Credential)> {
        // The default account comes first, whatever else is made.
        ensure_default(tx, ctx).await?;
        let account = insert(tx, ctx, &self.key.name, self.email.as_deref()).await?;
        let credential = self.key.insert(tx, ctx, KeyOwner::Account(account.key)).await?;
        Ok((account, credential))
    }
}

impl Hub {
    /// The default account; a fresh store gets one.
    ///
    /// # Errors
    /// The store's.
    pub async fn ensure_default_account(&self) -> Result<Account> {
        self.run(EnsureDefaultAccount).await
    }

    /// Makes an account with a first key, which has the account's name.
    ///
    /// # Errors
    /// `Invalid` for a name that is empty or longer than 100 characters.
    pub async fn create_account(&self, name: &str) -> Result<NewAccount> {
        self.create_account_of(name, None).await
    }

    /// The same for an owner who is written to at this e-mail address.
    ///
    /// # Errors
    /// As [`Hub::create_account`]; `Invalid` for what is no e-mail address.
    pub async fn create_account_of(&self, name: &str, email: Option<&str>) -> Result<NewAccount> {
        check_name(name)?;
        if let Some(email) = email {
            model::email::check(email).map_err(|error| HubError::Invalid(format!("email: {error}")))?;
        }
        let (key, secret) = self.key_seed(name)?;
        let email = email.map(str::to_owned);
        let (account, credential) = self.run(CreateAccount { key, email }).await?;
        Ok((account, NewKey { credential, secret }))
    }
}
