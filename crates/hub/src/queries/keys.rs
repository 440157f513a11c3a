//! API keys of apps and of custom integrations.

use std::sync::Arc;

use model::Id;
use model::record::{AppKey, Credential, KeyKind};
use store::Read;
use store::rows::{accounts, apps, credentials};

use crate::access::{Grant, LiveKey};
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::integrations;
use crate::rules::keys::{KeyView, NewKey};

/// A key of an app, or `NotFound`.
pub(crate) async fn find_app_key(read: &mut Read, app: AppKey, id: &str) -> Result<Credential> {
    let found = credentials::by_id(read, id).await?;
    found.filter(|found| found.kind == KeyKind::App && found.app == Some(app)).or_not_found(Thing::Key)
}

/// A key of a custom integration, or `NotFound`.
pub(crate) async fn find_integration_key(
    read: &mut Read,
    app: AppKey,
    integration: Id,
    id: &str,
) -> Result<Credential> {
    let owner = integrations::find_custom(read, app, integration).await?.key;
    let found = credentials::by_id(read, id).await?;
    let is_its_own =
        |found: &Credential| found.kind == KeyKind::Integration && found.integration == Some(owner);
    found.filter(is_its_own).or_not_found(Thing::Key)
}

impl Hub {
    /// The live key of an app that has this secret. For callers who name the app and not the key.
    ///
    /// # Errors
    /// The store's.
    pub async fn key_of_app(&self, app: Id, secret: &str) -> Result<Option<Arc<LiveKey>>> {
        let mut reader = self.reader().await?;
        let Some(app) = apps::by_id(&mut reader, app).await? else { return Ok(None) };
        let keys = credentials::of_app(&mut reader, app.key).await?;
        drop(reader);
        self.matching_key(keys.iter(), secret).await
    }

    /// The live key of an account that has this secret. For callers who name the account and not the
    /// key.
    ///
    /// # Errors
    /// The store's.
    pub async fn key_of_account(&self, account: Id, secret: &str) -> Result<Option<Arc<LiveKey>>> {
        let mut reader = self.reader().await?;
        let Some(account) = accounts::by_id(&mut reader, account).await? else { return Ok(None) };
        let keys = credentials::of_accounts(&mut reader, Some(account.key)).await?;
        drop(reader);
        self.matching_key(keys.iter().map(|(_, credential)| credential), secret).await
    }

    /// Whether there is an app with this id. For counting who wants a token of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn knows_app(&self, app: Id) -> Result<bool> {
        Ok(apps::by_id(&mut *self.reader().await?, app).await?.is_some())
    }

    async fn matching_key(
        &self,
        keys: impl Iterator<Item = &Credential> + Send,
        secret: &str,
    ) -> Result<Option<Arc<LiveKey>>> {
        let mut found = None;
        for credential in keys {
            // All are compared, so that the time tells nothing.
            let live = self.live_key(&credential.id).await?;
            found = live.filter(|key| key.secret_is(secret)).or(found);
        }
        Ok(found)
    }

    /// The keys of an app, oldest first, ten at most.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_app_keys(&self, grant: &Grant) -> Result<Vec<KeyView>> {
        let mut reader = self.reader().await?;
        let found = credentials::of_app(&mut reader, grant.app.key).await?;
        found.into_iter().map(|credential| self.view_key(credential)).collect()
    }

    /// One key of an app.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn app_key(&self, grant: &Grant, key_id: &str) -> Result<KeyView> {
        let mut reader = self.reader().await?;
        self.view_key(find_app_key(&mut reader, grant.app.key, key_id).await?)
    }

    /// One key of an app with its secret: only for repeating the answer to the request that made it
    /// (decision 19).
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn app_key_with_secret(&self, grant: &Grant, key_id: &str) -> Result<NewKey> {
        let mut reader = self.reader().await?;
        self.open_key(find_app_key(&mut reader, grant.app.key, key_id).await?)
    }

    /// The keys of a custom integration, oldest first, ten at most.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration, `Invalid` for one that is not custom.
    pub async fn list_integration_keys(&self, grant: &Grant, integration: Id) -> Result<Vec<KeyView>> {
        let mut reader = self.reader().await?;
        let owner = integrations::find_custom(&mut reader, grant.app.key, integration).await?;
        let found = credentials::of_integration(&mut reader, owner.key, KeyKind::Integration).await?;
        found.into_iter().map(|credential| self.view_key(credential)).collect()
    }

    /// One key of a custom integration.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration or key, `Invalid` for an integration that is not custom.
    pub async fn integration_key(&self, grant: &Grant, integration: Id, key_id: &str) -> Result<KeyView> {
        let mut reader = self.reader().await?;
        self.view_key(find_integration_key(&mut reader, grant.app.key, integration, key_id).await?)
    }

    /// One key of a custom integration with its secret: only for repeating the answer to the request
    /// that made it (decision 19).
    ///
    /// # Errors
    /// As [`Hub::integration_key`].
    pub async fn integration_key_with_secret(
        &self,
        grant: &Grant,
        integration: Id,
        key_id: &str,
    ) -> Result<NewKey> {
        let mut reader = self.reader().await?;
        self.open_key(find_integration_key(&mut reader, grant.app.key, integration, key_id).await?)
    }
}
