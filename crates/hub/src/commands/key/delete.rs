//! Ends API keys.

use model::Id;
use model::record::AppKey;
use store::rows::credentials;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::keys::{find_app_key, find_integration_key};

struct DeleteKey {
    app: AppKey,
    /// Whose it is; without it the app's.
    integration: Option<Id>,
    id: String,
}

impl Command for DeleteKey {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let found = match self.integration {
            Some(integration) => find_integration_key(tx, self.app, integration, &self.id).await?,
            None => find_app_key(tx, self.app, &self.id).await?,
        };
        Ok(credentials::remove(tx, found.key).await?)
    }
}

impl Hub {
    /// Ends a key of an app at once, with every token that it signed.
    ///
    /// # Errors
    /// `NotFound` for an unknown key.
    pub async fn delete_app_key(&self, grant: &Grant, key_id: &str) -> Result<()> {
        self.delete_key(DeleteKey { app: grant.app.key, integration: None, id: key_id.to_owned() }).await
    }

    /// Ends a key of a custom integration at once, with every token that it signed.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration or key, `Invalid` for an integration that is not custom.
    pub async fn delete_integration_key(&self, grant: &Grant, integration: Id, key_id: &str) -> Result<()> {
        let (app, id) = (grant.app.key, key_id.to_owned());
        self.delete_key(DeleteKey { app, integration: Some(integration), id }).await
    }

    async fn delete_key(&self, command: DeleteKey) -> Result<()> {
        self.run(command).await
    }
}
