//! Telling providers where we are now: our public address may have changed since an integration was set up,
//! or somebody else was set up in its place.

use model::record::{IntegrationKey, IntegrationStatus};
use store::rows::{endpoints, integrations as rows};
use store::{Command, Ctx, Tx};

use super::provision::Provisioned;
use super::{open_secrets, seal_secrets};
use crate::channel::OpenChannel;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::health::{self, Sign};
use crate::seal::Sealer;

/// Integrations that are read at once.
const LOOK_MAX: usize = 200;

/// What a provider said of our present address.
struct Registered {
    integration: IntegrationKey,
    told: std::result::Result<Provisioned, String>,
    sealer: Sealer,
}

impl Command for Registered {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let Some(mut found) = rows::by_key(tx, self.integration).await? else { return Ok(()) };
        let sign = match &self.told {
            Ok(told) => {
                found.config.extend(told.config.clone());
                let mut secrets = open_secrets(&self.sealer, found.sealed_secrets.as_deref())?;
                secrets.extend(told.secrets.clone());
                found.sealed_secrets = seal_secrets(&self.sealer, &secrets)?;
                rows::update(tx, &found).await?;
                Sign::Registered { caveat: told.caveat.clone() }
            }
            Err(reason) => Sign::Unregistered(reason.clone()),
        };
        health::note(tx, ctx, &mut found, &sign).await?;
        Ok(())
    }
}

impl Hub {
    /// Sets up again at their providers what was set up with another public address; until then callbacks to
    /// the former one are taken as they were. Health shows what fails. Gives how many are left.
    ///
    /// # Errors
    /// The store's.
    pub async fn register_anew(&self) -> Result<usize> {
        let Some(provisioner) = self.provisioner() else { return Ok(0) };
        let (mut after, mut left) = (IntegrationKey(0), 0);
        loop {
            let page = rows::all_channels(&mut *self.reader().await?, after, LOOK_MAX).await?;
            let is_last = page.len() < LOOK_MAX;
            for integration in page {
                after = integration.key;
                if integration.status == IntegrationStatus::Inactive
                    || !provisioner.is_connected(&integration.kind)
                {
                    continue;
                }
                let id = integration.id;
                let channel = match self.open_channel(integration) {
                    Ok(channel) => channel,
                    // One that is damaged keeps no other from being told.
                    Err(error) => {
                        tracing::error!(integration = %id, ?error, "an integration cannot be read, and is not set up anew");
                        continue;
                    }
                };
                if !provisioner.is_registered(&channel) && !self.register(&channel).await? {
                    left += 1;
                }
            }
            if is_last {
                return Ok(left);
            }
        }
    }

    /// Sets the integration up again that holds an account: somebody else was set up in its place, and
    /// refused then. What the provider says against it, its health shows.
    pub(super) async fn set_up_holder(&self, kind: &str, account: &str) -> Result<()> {
        let mut reader = self.reader().await?;
        let holder = match endpoints::holder(&mut reader, kind, account).await? {
            Some(key) => rows::by_key(&mut reader, key).await?,
            None => None,
        };
        drop(reader);
        if let Some(holder) = holder {
            self.register(&self.open_channel(holder)?).await?;
        }
        Ok(())
    }

    /// Gives whether the provider agrees.
    async fn register(&self, channel: &OpenChannel) -> Result<bool> {
        let Some(provisioner) = self.provisioner() else { return Ok(true) };
        let integration = &channel.integration;
        let _setting_up = self.setting_up(&integration.kind).read_owned().await;
        let told = provisioner.provision(self, channel).await;
        match &told {
            Ok(_) => {
                tracing::info!(integration = %integration.id, kind = integration.kind, "a provider was told our address")
            }
            Err(reason) => {
                tracing::warn!(integration = %integration.id, kind = integration.kind, reason, "webhook registration failed: the provider does not have our address")
            }
        }
        let is_told = told.is_ok();
        self.run(Registered { integration: integration.key, told, sealer: self.sealer().clone() }).await?;
        Ok(is_told)
    }
}
