//! Connects something to an app.

use model::content::Metadata;
use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus};
use model::{Id, metadata};
use serde_json::{Map, Value};
use store::rows::{apps, integrations, provisionings};
use store::{Command, Ctx, Tx};

use super::provision::SetUp;
use super::{responder, seal_secrets};
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::queries::integrations::IntegrationView;
use crate::rules::integrations::{check_name_free, claim_account};
use crate::rules::pictures::LastingPicture;
use crate::rules::webhooks::{WebhookDraft, WebhookSeed, check_room, subscribe_channel};
use crate::supervision::to_its_end;

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
    /// Whether it is paused from the beginning.
    pub paused: bool,
    /// The account at the provider that it is to hold alone, over all apps.
    pub account: Option<String>,
    /// The setting that names this account, where only the provider knows it.
    pub account_setting: Option<&'static str>,
}

impl std::fmt::Debug for IntegrationDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntegrationDraft").field("kind", &self.kind).finish_non_exhaustive()
    }
}

struct CreateIntegration {
    /// The id under which it was set up at its provider, if it has one.
    set_up_as: Option<Id>,
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
    /// What does not work although it was set up, for people.
    caveat: Option<String>,
    pictures: Vec<LastingPicture>,
}

impl Command for CreateIntegration {
    type Out = Integration;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Integration> {
        // It may have been deleted while the provider was asked.
        apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
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
        for picture in &self.pictures {
            picture.check(tx).await?;
        }
        let mut integration = Integration {
            key: IntegrationKey::default(),
            id: self.set_up_as.unwrap_or_else(|| ctx.id()),
            app: self.app,
            kind: self.kind.clone(),
            status: if self.paused { IntegrationStatus::Paused } else { IntegrationStatus::Active },
            name: self.name.clone(),
            config: self.config.clone(),
            sealed_secrets: self.sealed_secrets.clone(),
            default_responder,
            oauth_client_id: None,
            created_at: ctx.now,
            health_reason: self.caveat.clone(),
            last_good_at: self.set_up_as.map(|_| ctx.now),
        };
        if let Some(id) = self.set_up_as {
            provisionings::remove(tx, id).await?;
        }
        integration.key = integrations::insert(tx, &integration).await?;
        if let Some(account) = &self.account {
            claim_account(tx, self.app, (&self.kind, account), integration.key).await?;
        }
        if Integration::is_channel_kind(&integration.kind) {
            subscribe_channel(tx, ctx, &integration).await?;
        }
        if let Some(webhook) = &self.webhook {
            webhook.insert(tx, ctx, self.app, integration.key).await?;
        }
        Ok(integration)
    }
}

impl Hub {
    /// Connects something to an app. A custom integration comes with its first webhook.
    ///
    /// # Errors
    /// `Invalid` for a custom integration without exactly one webhook or another one with any, a
    /// webhook that is not acceptable, an unknown default responder, or a provider that refuses;
    /// `NameTaken`, `AccountTaken`; `TooMany` for the app's
    /// eleventh webhook; `Repeated` for a request that was made before.
    pub async fn create_integration(
        &self,
        grant: &Grant,
        draft: IntegrationDraft,
    ) -> Result<IntegrationView> {
        let (hub, grant) = (self.clone(), grant.clone());
        to_its_end(async move { hub.connect(&grant, draft).await }).await
    }

    async fn connect(&self, grant: &Grant, draft: IntegrationDraft) -> Result<IntegrationView> {
        let wanted = usize::from(draft.kind == Integration::CUSTOM);
        if draft.webhooks.len() != wanted {
            return Err(HubError::Invalid(match wanted {
                0 => "webhooks: only custom integrations have any".into(),
                _ => "webhooks: a custom integration has exactly one".into(),
            }));
        }
        let mut draft = draft;
        let webhook = draft.webhooks.pop().map(|webhook| self.webhook_seed(webhook)).transpose()?;
        let app = grant.app.key;
        self.check_once(grant).await?;
        let sealed_secrets = seal_secrets(self.sealer(), &draft.secrets)?;
        let set_up = self.set_up(app, &draft, sealed_secrets.clone()).await?;
        let mut secrets = draft.secrets;
        let mut command = CreateIntegration {
            set_up_as: None,
            app,
            pictures: self.lasting_in(&draft.config),
            kind: draft.kind,
            name: draft.name,
            config: draft.config,
            sealed_secrets,
            default_responder: draft.default_responder,
            webhook,
            unique_name: draft.unique_name,
            paused: draft.paused,
            account: draft.account,
            caveat: None,
        };
        if let Some(SetUp { id, provisioned, account, .. }) = &set_up {
            command.set_up_as = Some(*id);
            command.account.clone_from(account);
            command.config.extend(provisioned.config.clone());
            command.caveat.clone_from(&provisioned.caveat);
            let told = draft.account_setting.and_then(|name| provisioned.config.get(name));
            if let Some(account) = told.and_then(metadata::id_text) {
                command.account = Some(account);
            }
            secrets.extend(provisioned.secrets.clone());
            command.sealed_secrets = seal_secrets(self.sealer(), &secrets)?;
        }
        let account = command.account.clone();
        let done = self.run_once(grant, command).await;
        if let (Err(_), Some(set_up)) = (&done, set_up) {
            let (kind, account) = (set_up.kind().to_owned(), account);
            self.give_up(set_up).await?;
            if let (Err(HubError::AccountTaken { .. }), Some(account)) = (&done, account) {
                self.set_up_holder(&kind, &account).await?;
            }
        }
        let integration = done?;
        self.integration(grant, integration.id).await
    }
}
