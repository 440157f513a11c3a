//! Changes an integration and its endpoint.

use model::Id;
use model::record::{AppKey, EventForm};
use store::rows::{endpoints, integrations as rows};
use store::{Command, Ctx, Tx};

use super::{EndpointSettings, SigningPair, subscribe};
use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::endpoints::EndpointView;
use crate::rules::integrations::{self, health};
use crate::rules::seating;

/// A change of an endpoint.
#[derive(Clone, Debug, Default)]
pub struct EndpointPatch {
    /// Unique in the app.
    pub name: Option<String>,
    /// Whether it is paused.
    pub paused: Option<bool>,
    /// How it wants to be spoken to, as a whole. Without an endpoint it changes nothing.
    pub settings: Option<EndpointSettings>,
    /// Whether it gets another pair of signing keys.
    pub renew_keys: bool,
}

struct UpdateEndpoint {
    app: AppKey,
    integration: Id,
    form: EventForm,
    patch: EndpointPatch,
    /// Another pair of keys, if it is to get one.
    keys: Option<SigningPair>,
}

impl Command for UpdateEndpoint {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let mut integration = integrations::find(tx, self.app, self.integration).await?;
        if let Some(name) = &self.patch.name {
            integrations::check_name_free(tx, self.app, name, Some(integration.key)).await?;
            integration.name = Some(name.clone());
        }
        health::pause(tx, ctx, &mut integration, self.patch.paused).await?;
        rows::update(tx, &integration).await?;
        rows::touch(tx, integration.key, ctx.now).await?;
        let Some(mut endpoint) = endpoints::of_integration(tx, integration.key).await? else { return Ok(()) };
        if let Some(keys) = &self.keys {
            endpoint.public_key = Some(keys.public.clone());
            endpoint.sealed_private_key = Some(keys.sealed_private.clone());
        }
        if let Some(settings) = &self.patch.settings {
            settings.apply(&mut endpoint);
        }
        endpoints::save(tx, &endpoint).await?;
        if endpoint.role.answers() {
            seating::choose_default(tx, self.app).await?;
        }
        subscribe(tx, ctx, &integration, &endpoint, self.form).await
    }
}

impl Hub {
    /// Changes an integration and, where it has one, its endpoint.
    ///
    /// # Errors
    /// `NotFound`, `NameTaken`, `Invalid` for a target that may not be called.
    pub async fn update_endpoint(
        &self,
        grant: &Grant,
        integration: Id,
        form: EventForm,
        patch: EndpointPatch,
    ) -> Result<EndpointView> {
        if let Some(target) = patch.settings.as_ref().and_then(|settings| settings.target.as_ref()) {
            self.check_target("target", target)?;
        }
        let keys = if patch.renew_keys { Some(self.signing_pair()?) } else { None };
        self.run(UpdateEndpoint { app: grant.app.key, integration, form, patch, keys }).await?;
        self.endpoint(grant, integration).await
    }
}
