//! Makes account keys, and revokes keys of every kind.

use model::Id;
use model::record::Credential;
use store::rows::{accounts, credentials};
use store::{Command, Ctx, Tx};

use super::check_name;
use super::create::ensure_default;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::keys::{KeyOwner, KeySeed, NewKey};

/// The name of the key that a fresh store gets.
const FIRST_NAME: &str = "first";

struct CreateFirstKey {
    key: KeySeed,
}

impl Command for CreateFirstKey {
    type Out = Option<Credential>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Credential>> {
        if credentials::has_account_key(tx).await? {
            return Ok(None);
        }
        let account = ensure_default(tx, ctx).await?;
        self.key.insert(tx, ctx, KeyOwner::Account(account.key)).await.map(Some)
    }
}

struct CreateAccountKey {
    account: Option<Id>,
    key: KeySeed,
}

impl Command for CreateAccountKey {
    type Out = Credential;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Credential> {
        let account = match self.account {
            Some(id) => accounts::by_id(tx, id).await?.or_not_found(Thing::Account)?,
            None => ensure_default(tx, ctx).await?,
        };
        self.key.insert(tx, ctx, KeyOwner::Account(account.key)).await
    }
}

struct RevokeKey {
    id: String,
}

impl Command for RevokeKey {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let found = credentials::by_id(tx, &self.id).await?.or_not_found(Thing::Key)?;
        Ok(credentials::remove(tx, found.key).await?)
    }
}

impl Hub {
    /// The key of a fresh store: made when no account has one, for the default account.
    ///
    /// # Errors
    /// The store's.
    pub async fn first_account_key(&self) -> Result<Option<NewKey>> {
        let (key, secret) = self.key_seed(FIRST_NAME)?;
        let made = self.run(CreateFirstKey { key }).await?;
        Ok(made.map(|credential| NewKey { credential, secret }))
    }

    /// Makes a key of an account or, without one, of the default account.
    ///
    /// # Errors
    /// `NotFound` for an unknown account, `Invalid` for a name that is empty or longer than 100
    /// characters.
    pub async fn create_account_key(&self, account: Option<Id>, name: &str) -> Result<NewKey> {
        check_name(name)?;
        let (key, secret) = self.key_seed(name)?;
        let credential = self.run(CreateAccountKey { account, key }).await?;
        Ok(NewKey { credential, secret })
    }

    /// Ends a key of an account, an app or an integration at once, with every token that it signed.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn revoke_key(&self, key_id: &str) -> Result<()> {
        self.run(RevokeKey { id: key_id.to_owned() }).await
    }
}
