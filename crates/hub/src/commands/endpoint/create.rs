//! Makes an integration with its endpoint.

use model::Id;
use model::content::Metadata;
use model::record::{
    AppKey, Endpoint, EventForm, Integration, IntegrationKey, IntegrationStatus, Prepared, Role,
};
use serde_json::{Map, Value};
use store::rows::{endpoints, integrations};
use store::{Command, Ctx, Tx};

use super::{SigningPair, kind_of, subscribe};
use crate::access::Grant;
use crate::commands::integration::seal_secrets;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::endpoints::EndpointView;
use crate::rules::integrations::{check_name_free, claim_account};
use crate::rules::seating;

/// An endpoint that a caller wants. Its `Debug` shows no secrets.
#[derive(Clone)]
pub struct EndpointDraft {
    /// Unique in the app.
    pub name: String,
    /// Whether it is paused from the beginning.
    pub paused: bool,
    /// Who speaks through it.
    pub role: Role,
    /// The kind of program on the other side, in the caller's own word.
    pub surface: String,
    /// The form in which it is told about events.
    pub form: EventForm,
    /// Settings of the other side that may be shown.
    pub config: Metadata,
    /// Settings of the other side that may not.
    pub secrets: Map<String, Value>,
    /// The account at a provider that it is to hold alone.
    pub account: Option<String>,
    /// How it wants to be spoken to.
    pub settings: EndpointSettings,
}

impl std::fmt::Debug for EndpointDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndpointDraft").field("surface", &self.surface).finish_non_exhaustive()
    }
}

/// How an endpoint wants to be spoken to. A change replaces all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointSettings {
    /// Whether it hears what it says itself.
    pub echo: bool,
    /// The hosts whose pages may speak through it.
    pub allowed_origins: Vec<String>,
    /// What is said when a conversation begins.
    pub greeting: Vec<Prepared>,
    /// Where events are posted; without it they go over sockets.
    pub target: Option<String>,
    /// Whose messages a listener hears; `None` among them stands for everybody's.
    pub hears: Vec<Option<Role>>,
}

impl EndpointSettings {
    /// Writes the settings over those of an endpoint.
    pub(super) fn apply(&self, endpoint: &mut Endpoint) {
        let EndpointSettings { echo, allowed_origins, greeting, target, hears } = self.clone();
        endpoint.echo = echo;
        endpoint.allowed_origins = allowed_origins;
        endpoint.greeting = greeting;
        endpoint.target = target;
        endpoint.hears = hears;
    }
}

struct CreateEndpoint {
    app: AppKey,
    draft: EndpointDraft,
    sealed_secrets: Option<Vec<u8>>,
    keys: SigningPair,
}

impl Command for CreateEndpoint {
    type Out = Id;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Id> {
        let draft = &self.draft;
        check_name_free(tx, self.app, &draft.name, None).await?;
        let mut integration = self.integration(ctx);
        integration.key = integrations::insert(tx, &integration).await?;
        if let Some(account) = &draft.account {
            claim_account(tx, self.app, (&draft.surface, account), integration.key).await?;
        }
        let endpoint = self.endpoint(integration.key);
        endpoints::save(tx, &endpoint).await?;
        if draft.role.answers() {
            seating::seat(tx, ctx, &integration).await?;
        }
        subscribe(tx, ctx, &integration, &endpoint, draft.form).await?;
        Ok(integration.id)
    }
}

impl CreateEndpoint {
    fn integration(&self, ctx: &Ctx) -> Integration {
        let draft = &self.draft;
        Integration {
            key: IntegrationKey::default(),
            id: ctx.id(),
            app: self.app,
            kind: kind_of(draft.role).to_owned(),
            status: if draft.paused { IntegrationStatus::Paused } else { IntegrationStatus::Active },
            name: Some(draft.name.clone()),
            config: draft.config.clone(),
            sealed_secrets: self.sealed_secrets.clone(),
            default_responder: None,
            oauth_client_id: None,
            created_at: ctx.now,
            health_reason: None,
            last_good_at: None,
        }
    }

    fn endpoint(&self, integration: IntegrationKey) -> Endpoint {
        let mut endpoint = Endpoint {
            integration,
            app: self.app,
            role: self.draft.role,
            surface: self.draft.surface.clone(),
            echo: false,
            allowed_origins: Vec::new(),
            greeting: Vec::new(),
            target: None,
            hears: Vec::new(),
            public_key: Some(self.keys.public.clone()),
            sealed_private_key: Some(self.keys.sealed_private.clone()),
        };
        self.draft.settings.apply(&mut endpoint);
        endpoint
    }
}

impl Hub {
    /// Makes an integration that is reached by our own sockets or a webhook. One that answers
    /// customers gets a seat on the app's switchboard.
    ///
    /// # Errors
    /// `NameTaken`; `AccountTaken`; `Invalid` for a target that may not be called; `TooMany` for the
    /// eleventh that answers.
    pub async fn create_endpoint(&self, grant: &Grant, draft: EndpointDraft) -> Result<EndpointView> {
        if let Some(target) = &draft.settings.target {
            self.check_target("target", target)?;
        }
        let sealed_secrets = seal_secrets(self.sealer(), &draft.secrets)?;
        let keys = self.signing_pair()?;
        let command = CreateEndpoint { app: grant.app.key, draft, sealed_secrets, keys };
        let id = self.run(command).await?;
        self.endpoint(grant, id).await
    }
}
