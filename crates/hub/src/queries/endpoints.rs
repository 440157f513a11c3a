//! Integrations as their owners administer them: with endpoint, secrets and signing keys.

use std::collections::HashMap;
use std::sync::Arc;

use model::limits::NUMBERED_LIST_ROWS_MAX;
use model::record::{App, Endpoint, Integration, IntegrationStatus, Role};
use model::{Id, Millis};
use serde_json::{Map, Value};
use store::Read;
use store::rows::{Seek, apps, endpoints, integrations as rows, subscriptions};

use crate::access::{Caller, Grant};
use crate::commands::integration::open_secrets;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::integrations::{self, Claims};
use crate::rules::webhooks::LISTED_FORM;

/// An integration with its endpoint and everything that is secret about it. Whether secrets are shown
/// is for the dialect to decide (decision 34). Its `Debug` shows none.
#[derive(Clone)]
pub struct EndpointView {
    /// The app.
    pub app: Arc<App>,
    /// The integration.
    pub integration: Integration,
    /// Its endpoint, if it has one.
    pub endpoint: Option<Endpoint>,
    /// Its settings that are secret.
    pub secrets: Map<String, Value>,
    /// The private half of its signing keys.
    pub private_key: Option<String>,
    /// Where the webhook of a custom integration without an endpoint posts to.
    pub webhook: Option<String>,
}

impl std::fmt::Debug for EndpointView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndpointView").field("integration", &self.integration.id).finish_non_exhaustive()
    }
}

impl Hub {
    async fn view_endpoint(
        &self,
        read: &mut Read,
        app: Arc<App>,
        integration: Integration,
        endpoint: Option<Endpoint>,
    ) -> Result<EndpointView> {
        let secrets = open_secrets(self.sealer(), integration.sealed_secrets.as_deref())?;
        let sealed = endpoint.as_ref().and_then(|endpoint| endpoint.sealed_private_key.as_deref());
        let private_key = sealed.map(|sealed| self.sealer().open(sealed)).transpose()?;
        let webhook = match integration.is_custom() && endpoint.is_none() {
            true => subscriptions::oldest_in_form(read, integration.key, LISTED_FORM).await?,
            false => None,
        };
        let webhook = webhook.map(|subscription| subscription.target);
        Ok(EndpointView { app, integration, endpoint, secrets, private_key, webhook })
    }

    /// One integration with its endpoint.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn endpoint(&self, grant: &Grant, integration: Id) -> Result<EndpointView> {
        let mut reader = self.reader().await?;
        let integration = integrations::find(&mut reader, grant.app.key, integration).await?;
        let endpoint = endpoints::of_integration(&mut reader, integration.key).await?;
        self.view_endpoint(&mut reader, grant.app.clone(), integration, endpoint).await
    }

    /// The same, even for one that is deleted: it is inactive, and of its endpoint only who spoke through it,
    /// and how, is left.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn endpoint_even_deleted(&self, grant: &Grant, integration: Id) -> Result<EndpointView> {
        let mut reader = self.reader().await?;
        let found = rows::by_id_even_deleted(&mut reader, grant.app.key, integration).await?;
        let (mut integration, is_there) = found.or_not_found(Thing::Integration)?;
        if !is_there {
            integration.status = IntegrationStatus::Inactive;
        }
        let endpoint = endpoints::of_integration(&mut reader, integration.key).await?;
        self.view_endpoint(&mut reader, grant.app.clone(), integration, endpoint).await
    }

    /// Whether customers speak, or spoke, through an integration of the app.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_customers(&self, grant: &Grant, integration: Id) -> Result<bool> {
        let mut reader = self.reader().await?;
        let found = rows::by_id_even_deleted(&mut reader, grant.app.key, integration).await?;
        let Some((integration, _)) = found else { return Ok(false) };
        let endpoint = endpoints::of_integration(&mut reader, integration.key).await?;
        Ok(endpoint.is_some_and(|endpoint| endpoint.role == Role::Customer))
    }

    /// When the app of an integration, and the integration, were last changed by their owner, or made.
    ///
    /// # Errors
    /// `NotFound` when one of them is gone.
    pub async fn modified_at(&self, view: &EndpointView) -> Result<(Millis, Millis)> {
        let mut reader = self.reader().await?;
        let app = apps::modified_at(&mut reader, view.app.key).await?.or_not_found(Thing::App)?;
        let integration = rows::modified_at(&mut reader, view.integration.key).await?;
        Ok((app, integration.or_not_found(Thing::Integration)?))
    }

    /// The integrations of an app, oldest first: a bounded list.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_endpoints(&self, grant: &Grant) -> Result<Vec<EndpointView>> {
        let mut reader = self.reader().await?;
        let known = endpoints::of_app(&mut reader, grant.app.key).await?;
        let mut known: HashMap<_, _> =
            known.into_iter().map(|endpoint| (endpoint.integration, endpoint)).collect();
        let seek = Seek::After(Id::MIN);
        let found = rows::page(&mut reader, grant.app.key, None, seek, NUMBERED_LIST_ROWS_MAX).await?;
        let mut views = Vec::with_capacity(found.len());
        for integration in found {
            let endpoint = known.remove(&integration.key);
            views.push(self.view_endpoint(&mut reader, grant.app.clone(), integration, endpoint).await?);
        }
        Ok(views)
    }

    /// Everything that stands against a new integration, so that it can be told before a provider is
    /// asked for anything. The command looks again.
    ///
    /// # Errors
    /// The store's.
    pub async fn obstacles(&self, grant: &Grant, claims: Claims<'_>) -> Result<Vec<HubError>> {
        integrations::obstacles(&mut *self.reader().await?, grant.app.key, claims).await
    }

    /// The apps of the caller's account, oldest first: a bounded list for numbered pages.
    ///
    /// # Errors
    /// `Forbidden` without account scope.
    pub async fn list_all_apps(&self, caller: &Arc<Caller>) -> Result<Vec<Arc<App>>> {
        caller.check_account("lists apps")?;
        let mut reader = self.reader().await?;
        let found =
            apps::page(&mut reader, caller.account, Seek::After(Id::MIN), NUMBERED_LIST_ROWS_MAX).await?;
        Ok(found.into_iter().map(Arc::new).collect())
    }

    /// The grant for the app of an integration.
    ///
    /// # Errors
    /// `NotFound` for an integration that is unknown or not the caller's.
    pub async fn grant_for_integration(&self, caller: &Arc<Caller>, integration: Id) -> Result<Grant> {
        let mut reader = self.reader().await?;
        let app = rows::app_of(&mut reader, integration).await?.or_not_found(Thing::Integration)?;
        drop(reader);
        let app = self.directory().app_by_key(self, app).await?.or_not_found(Thing::Integration)?;
        self.grant_for(caller, &app, Thing::Integration).await
    }

    /// Whether an integration of the caller's was there and is deleted.
    ///
    /// # Errors
    /// The store's.
    pub async fn was_integration(&self, caller: &Arc<Caller>, integration: Id) -> Result<bool> {
        let app = rows::former_app_of(&mut *self.reader().await?, integration).await?;
        let Some(app) = app else { return Ok(false) };
        let Some(app) = self.directory().app_by_key(self, app).await? else { return Ok(false) };
        match self.grant_for(caller, &app, Thing::Integration).await {
            Ok(_) => Ok(true),
            Err(HubError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The grant for an app that was found by something in it; what is not the caller's is not found.
    pub(crate) async fn grant_for(&self, caller: &Arc<Caller>, app: &App, thing: Thing) -> Result<Grant> {
        self.grant(caller.clone(), app.id).await.map_err(|error| match error {
            HubError::NotFound(_) | HubError::Forbidden(_) => HubError::NotFound(thing),
            other => other,
        })
    }
}
