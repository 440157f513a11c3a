//! The account key that the configuration names (decision 17).

use model::record::{AccountKey, Credential, CredentialKey, KeyKind};
use store::rows::{accounts, credentials};
use store::{Command, Ctx, Tx};

use super::create::ensure_default;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::seal::Sealer;

/// The name of the key that comes from the configuration.
const SEEDED_NAME: &str = "configuration";

struct SeedAccountKey {
    id: String,
    secret: String,
    sealed_secret: Vec<u8>,
    sealer: Sealer,
}

impl Command for SeedAccountKey {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let default = accounts::oldest(tx).await?.map(|account| account.key);
        let found = credentials::by_id(tx, &self.id).await?;
        if found
            .as_ref()
            .is_some_and(|found| found.kind != KeyKind::Account || Some(found.account) != default)
        {
            return Err(HubError::Conflict(format!("{}: this key belongs to another account", self.id)));
        }
        let seeded = credentials::seeded(tx).await?;
        for before in seeded.iter().filter(|before| before.id != self.id) {
            credentials::remove(tx, before.key).await?;
        }
        match found {
            None => self.add(tx, ctx).await,
            Some(found) if self.is_seeded_with(&found, &seeded) => Ok(()),
            Some(found) => Ok(credentials::seed(tx, found.key, &self.sealed_secret).await?),
        }
    }
}

impl SeedAccountKey {
    /// Whether the key came from the configuration already, with the same secret.
    fn is_seeded_with(&self, found: &Credential, seeded: &[Credential]) -> bool {
        let known = seeded.iter().any(|before| before.key == found.key);
        known && self.sealer.open(&found.sealed_secret).is_ok_and(|secret| secret == self.secret)
    }

    async fn add(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let account: AccountKey = ensure_default(tx, ctx).await?.key;
        let credential = Credential {
            key: CredentialKey::default(),
            id: self.id.clone(),
            kind: KeyKind::Account,
            account,
            app: None,
            integration: None,
            name: SEEDED_NAME.to_owned(),
            sealed_secret: self.sealed_secret.clone(),
            created_at: ctx.now,
            expires_at: None,
        };
        credentials::insert(tx, &credential, true).await?;
        Ok(())
    }
}

impl Hub {
    /// Makes sure that the default account has this key. Called at each start with what the
    /// configuration says: an id seeded before is revoked, another secret replaces the old one.
    ///
    /// # Errors
    /// `Invalid` for an id that does not begin with `act_` or an empty secret, `Conflict` for the id
    /// of another account's key.
    pub async fn seed_account_key(&self, id: &str, secret: &str) -> Result<()> {
        if !id.starts_with(KeyKind::Account.prefix()) || secret.is_empty() {
            return Err(HubError::invalid("an account key has an id that begins with act_, and a secret"));
        }
        let sealed_secret = self.sealer().seal(secret)?;
        let (id, secret, sealer) = (id.to_owned(), secret.to_owned(), self.sealer().clone());
        self.run(SeedAccountKey { id, secret, sealed_secret, sealer }).await
    }
}
