//! Makes API keys; each owner has ten at most.

use model::Id;
use model::limits::OWNER_KEYS_MAX;
use model::record::{AccountKey, AppKey, Credential, KeyKind};
use store::rows::credentials;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;
use crate::rules::integrations;
use crate::rules::keys::{KeyOwner, KeySeed, NewKey};

fn check_room(there: usize) -> Result<()> {
    if there as i64 >= OWNER_KEYS_MAX {
        return Err(HubError::TooMany { thing: Thing::Key, max: OWNER_KEYS_MAX });
    }
    Ok(())
}

struct CreateAppKey {
    account: AccountKey,
    app: AppKey,
    key: KeySeed,
}

impl Command for CreateAppKey {
    type Out = Credential;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Credential> {
        check_room(credentials::of_app(tx, self.app).await?.len())?;
        self.key.insert(tx, ctx, KeyOwner::App(self.account, self.app)).await
    }
}

struct CreateIntegrationKey {
    account: AccountKey,
    app: AppKey,
    integration: Id,
    key: KeySeed,
}

impl Command for CreateIntegrationKey {
    type Out = Credential;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Credential> {
        let integration = integrations::find_custom(tx, self.app, self.integration).await?;
        check_room(credentials::of_integration(tx, integration.key, KeyKind::Integration).await?.len())?;
        let owner = KeyOwner::Integration(self.account, self.app, integration.key);
        self.key.insert(tx, ctx, owner).await
    }
}

impl Hub {
    /// Makes a key of an app. Its secret is shown here and, as a rule, nowhere else.
    ///
    /// # Errors
    /// `TooMany` for the eleventh; `Repeated` for a request that was made before: its key with the
    /// secret is [`Hub::app_key_with_secret`].
    pub async fn create_app_key(&self, grant: &Grant, name: &str) -> Result<NewKey> {
        let (key, secret) = self.key_seed(name)?;
        let command = CreateAppKey { account: grant.app.account, app: grant.app.key, key };
        let credential = self.run_once(grant, command).await?;
        Ok(NewKey { credential, secret })
    }

    /// Makes a key of a custom integration, as [`Hub::create_app_key`].
    ///
    /// # Errors
    /// `NotFound` for an unknown integration, `Invalid` for one that is not custom, `TooMany` for the
    /// eleventh; `Repeated` for a request that was made before: its key with the secret is
    /// [`Hub::integration_key_with_secret`].
    pub async fn create_integration_key(&self, grant: &Grant, integration: Id, name: &str) -> Result<NewKey> {
        let (key, secret) = self.key_seed(name)?;
        let (account, app) = (grant.app.account, grant.app.key);
        let command = CreateIntegrationKey { account, app, integration, key };
        let credential = self.run_once(grant, command).await?;
        Ok(NewKey { credential, secret })
    }
}
