//! Connects something to an app.

use model::content::Metadata;
use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus, Subscription};
use serde_json::{Map, Value};
use store::rows::{endpoints, integrations};
use store::{Command, Ctx, Tx};

use super::{responder, seal_secrets};
use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::integrations::IntegrationView;
use crate::rules::integrations::check_name_free;
use crate::rules::webhooks::{WebhookDraft, WebhookSeed, check_room};

/// An integration that a caller wants. Its `Debug` shows no secrets.
#[derive(Clone, Default)]
pub struct IntegrationDraft {
    /// Channel type, or [`Integration::CUSTOM`].
    pub kind: String,
    /// For people.
    pub name: Option<String>,
    /// Its settings that may be shown.
    pub config: Metadata,
    /// Its settings that may not.
    pub secrets: Map<String, Value>,
    /// The id of the switchboard integration, or of the integration behind one, that answers first.
    pub default_responder: Option<String>,
    /// What a custom integration hears: exactly one webhook.
    pub webhooks: Vec<WebhookDraft>,
    /// Whether no other integration of the app may have the name.
    pub unique_name: bool,
    /// Whether it rests from the beginning.
    pub paused: bool,
    /// The account at the provider that it is to hold alone, over all apps.
    pub account: Option<String>,
}

impl std::fmt::Debug for IntegrationDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntegrationDraft").field("kind", &self.kind).finish_non_exhaustive()
    }
}

struct CreateIntegration {
    app: AppKey,
    kind: String,
    name: Option<String>,
    config: Metadata,
    sealed_secrets: Option<Vec<u8>>,
    default_responder: Option<String>,
    webhook: Option<WebhookSeed>,
    unique_name: bool,
    paused: bool,
    account: Option<String>,
}

impl Command for CreateIntegration {
    type Out = (Integration, Option<Subscription>);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(Integration, Option<Subscription>)> {
        let default_responder = match &self.default_responder {
            Some(id) => Some(responder(tx, self.app, id).await?),
            None => None,
        };
        if self.webhook.is_some() {
            check_room(tx, self.app, 1).await?;
        }
        if let Some(name) = self.name.as_deref().filter(|_| self.unique_name) {
            check_name_free(tx, self.app, name, None).await?;
        }
        let mut integration = Integration {
            key: IntegrationKey::default(),
            id: ctx.id(),
            app: self.app,
            kind: self.kind.clone(),
            status: if self.paused { IntegrationStatus::Paused } else { IntegrationStatus::Active },
            name: self.name.clone(),
            config: self.config.clone(),
            sealed_secrets: self.sealed_secrets.clone(),
            default_responder,
            oauth_client_id: None,
            created_at: ctx.now,
        };
        integration.key = integrations::insert(tx, &integration).await?;
        if let Some(account) = &self.account
            && !endpoints::claim(tx, &self.kind, account, self.app, integration.key).await?
        {
            return Err(HubError::AccountTaken);
        }
        let webhook = match &self.webhook {
            Some(webhook) => Some(webhook.insert(tx, ctx, self.app, integration.key).await?),
            None => None,
        };
        Ok((integration, webhook))
    }
}

impl Hub {
    /// Connects something to an app. A custom integration comes with its first webhook.
    ///
    /// # Errors
    /// `Invalid` for a custom integration without exactly one webhook or another one with any, a
    /// webhook that is not acceptable, or an unknown default responder; `NameTaken`, `AccountTaken`; `TooMany` for the app's
    /// eleventh webhook; `Repeated` for a request that was made before.
    pub async fn create_integration(
        &self,
        grant: &Grant,
        draft: IntegrationDraft,
    ) -> Result<IntegrationView> {
        let IntegrationDraft { kind, name, config, secrets, default_responder, mut webhooks, .. } = draft;
        let wanted = usize::from(kind == Integration::CUSTOM);
        if webhooks.len() != wanted {
            return Err(HubError::Invalid(match wanted {
                0 => "webhooks: only custom integrations have any".into(),
                _ => "webhooks: a custom integration has exactly one".into(),
            }));
        }
        let webhook = webhooks.pop().map(|webhook| self.webhook_seed(webhook)).transpose()?;
        let sealed_secrets = seal_secrets(self.sealer(), &secrets)?;
        let command = CreateIntegration {
            app: grant.app.key,
            kind,
            name,
            config,
            sealed_secrets,
            default_responder,
            webhook,
            unique_name: draft.unique_name,
            paused: draft.paused,
            account: draft.account,
        };
        let (integration, webhook) = self.run_once(grant, command).await?;
        if webhook.is_some() {
            self.subscriptions_changed();
        }
        self.integration(grant, integration.id).await
    }
}
