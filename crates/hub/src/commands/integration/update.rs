//! Changes an integration.

use model::Id;
use model::patch::Patch;
use model::record::{AppKey, Integration};
use serde_json::{Map, Value};
use store::rows::withdrawals::Withdrawal;
use store::rows::{endpoints, integrations as rows};
use store::{Command, Ctx, Tx};

use super::{Provisioned, merge, open_secrets, responder, seal_secrets};
use crate::access::Grant;
use crate::channel::OpenChannel;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::integrations::IntegrationView;
use crate::rules::integrations;
use crate::rules::integrations::health::{self, Sign};
use crate::rules::pictures::LastingPicture;
use crate::seal::Sealer;
use crate::supervision::to_its_end;

/// A change of an integration. Its `Debug` shows no secrets.
#[derive(Clone, Default)]
pub struct IntegrationPatch {
    /// For people.
    pub name: Patch<String>,
    /// The id of the switchboard integration, or of the integration behind one, that answers first.
    pub default_responder: Patch<String>,
    /// Settings that may be shown, one by one: null removes one.
    pub config: Map<String, Value>,
    /// Settings that may not, one by one: null removes one.
    pub secrets: Map<String, Value>,
    /// Whether no other integration of the app may have a new name.
    pub unique_name: bool,
    /// Whether it is paused.
    pub paused: Option<bool>,
}

impl std::fmt::Debug for IntegrationPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntegrationPatch").field("name", &self.name).finish_non_exhaustive()
    }
}

struct UpdateIntegration {
    app: AppKey,
    integration: Id,
    patch: IntegrationPatch,
    /// As it was when its provider was asked.
    before: Integration,
    sealer: Sealer,
    /// What the provider told of the new secrets, if it was asked.
    provisioned: Option<Provisioned>,
    /// The account that it is to hold alone from now on.
    account: Option<String>,
    pictures: Vec<LastingPicture>,
}

impl Command for UpdateIntegration {
    type Out = Option<Withdrawal>;
    type Error = HubError;

    /// Gives what the provider of the former sender has to be told.
    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Withdrawal>> {
        let mut integration = integrations::find(tx, self.app, self.integration).await?;
        let patch = &self.patch;
        for picture in &self.pictures {
            picture.check(tx).await?;
        }
        if let (Patch::Set(name), true) = (&patch.name, patch.unique_name) {
            integrations::check_name_free(tx, self.app, name, Some(integration.key)).await?;
        }
        patch.name.clone().apply(&mut integration.name);
        health::pause(tx, ctx, &mut integration, patch.paused).await?;
        match &patch.default_responder {
            Patch::Keep => {}
            Patch::Clear => integration.default_responder = None,
            Patch::Set(id) => integration.default_responder = Some(responder(tx, self.app, id).await?),
        }
        merge(&mut integration.config, &patch.config);
        if !patch.secrets.is_empty() {
            let mut secrets = open_secrets(&self.sealer, integration.sealed_secrets.as_deref())?;
            merge(&mut secrets, &patch.secrets);
            if let Some(provisioned) = &self.provisioned {
                secrets.extend(provisioned.secrets.clone());
            }
            integration.sealed_secrets = seal_secrets(&self.sealer, &secrets)?;
        }
        let mut former = None;
        if let Some(provisioned) = &self.provisioned {
            former = integrations::withdraw(tx, ctx, &self.before, integrations::IN_HAND_MS).await?;
            integration.config.extend(provisioned.config.clone());
            let sign = Sign::SetUp { caveat: provisioned.caveat.clone() };
            health::note(tx, ctx, &mut integration, &sign).await?;
            if let Some(account) = &self.account {
                endpoints::release_account(tx, integration.key).await?;
                let (kind, key) = (integration.kind.as_str(), integration.key);
                integrations::claim_account(tx, self.app, (kind, account), key).await?;
            }
        }
        rows::update(tx, &integration).await?;
        rows::touch(tx, integration.key, ctx.now).await?;
        Ok(former)
    }
}

impl Hub {
    /// Changes an integration. Secrets of a channel are tried at its provider first, as those of a new one
    /// are, be they the same as before; an integration that the provider accepts is well from then on.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, `NameTaken`, `AccountTaken`, `Invalid` for an unknown default
    /// responder, or with the provider's reason; then nothing is changed.
    pub async fn update_integration(
        &self,
        grant: &Grant,
        integration: Id,
        patch: IntegrationPatch,
    ) -> Result<IntegrationView> {
        let (hub, grant) = (self.clone(), grant.clone());
        to_its_end(async move { hub.change(&grant, integration, patch).await }).await
    }

    async fn change(
        &self,
        grant: &Grant,
        integration: Id,
        patch: IntegrationPatch,
    ) -> Result<IntegrationView> {
        let app = grant.app.key;
        let (before, now) = self.wanted(app, integration, &patch).await?;
        let renewed = match patch.secrets.is_empty() {
            true => None,
            false => self.renew(&before, now).await?,
        };
        let provisioned = renewed.as_ref().map(|renewed| renewed.provisioned.clone());
        let account = renewed.as_ref().and_then(|renewed| renewed.account.clone());
        let sealer = self.sealer().clone();
        let (before, pictures) = (before.integration, self.lasting_in(&patch.config));
        #[rustfmt::skip]
        let update = UpdateIntegration {
            app, integration, patch, before, sealer, provisioned, account, pictures,
        };
        let done = self.run(update).await;
        match (&done, renewed) {
            (Err(_), Some(renewed)) => self.give_up_renewal(renewed).await?,
            (_, renewed) => drop(renewed),
        }
        self.tell_withdrawn(done?).await?;
        self.integration(grant, integration).await
    }

    /// A channel as it is and as a patch wants it. What the hub would refuse is refused here: before a
    /// provider is asked.
    async fn wanted(
        &self,
        app: AppKey,
        integration: Id,
        patch: &IntegrationPatch,
    ) -> Result<(OpenChannel, OpenChannel)> {
        let mut reader = self.reader().await?;
        let before = self.open_channel(integrations::find(&mut reader, app, integration).await?)?;
        if let Patch::Set(id) = &patch.default_responder {
            responder(&mut reader, app, id).await?;
        }
        let mut now = before.clone();
        merge(&mut now.integration.config, &patch.config);
        merge(&mut now.secrets, &patch.secrets);
        Ok((before, now))
    }
}
