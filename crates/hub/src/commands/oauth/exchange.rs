//! Exchanges a code for what signs the partner's token.

use model::Id;
use model::record::{App, Credential, Integration, IntegrationKey, IntegrationStatus, OAuthClient};
use store::rows::{apps, integrations, oauth};
use store::{Command, Ctx, Tx};
use subtle::ConstantTimeEq;

use super::hash;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::signing_key;
use crate::rules::keys::{KeyOwner, KeySeed};

/// What a partner's token is signed with, and what it says.
#[derive(Clone, PartialEq)]
pub struct SigningKey {
    /// The key's id: `kid` of the token.
    pub key_id: String,
    /// The key's secret.
    pub secret: String,
    /// The app that the token opens.
    pub app_id: Id,
    /// The partner: `azp` of the token.
    pub client_id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

struct ExchangeCode {
    client: OAuthClient,
    code_hash: Vec<u8>,
    key: KeySeed,
}

impl Command for ExchangeCode {
    type Out = (Credential, Id);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(Credential, Id)> {
        let refused = || HubError::invalid("code: unknown, used or expired");
        let code = oauth::code(tx, &self.code_hash).await?;
        let code = code.filter(|code| code.client == self.client.key && code.expires_at > ctx.now);
        let code = code.ok_or_else(refused)?;
        let app = apps::by_key(tx, code.app).await?.ok_or_else(refused)?;
        oauth::remove_code(tx, &self.code_hash).await?;
        let integration = match integrations::by_oauth_client(tx, app.key, &self.client.id).await? {
            Some(integration) => integration,
            None => self.insert(tx, ctx, &app).await?,
        };
        let credential = match signing_key(tx, &integration).await? {
            Some(credential) => credential,
            None => {
                let owner = KeyOwner::OAuth(app.account, app.key, integration.key);
                self.key.insert(tx, ctx, owner).await?
            }
        };
        Ok((credential, app.id))
    }
}

impl ExchangeCode {
    /// The integration that stands for the partner in the app; no list shows it.
    async fn insert(&self, tx: &mut Tx, ctx: &Ctx, app: &App) -> Result<Integration> {
        let mut integration = Integration {
            key: IntegrationKey::default(),
            id: ctx.id(),
            app: app.key,
            kind: Integration::CUSTOM.to_owned(),
            status: IntegrationStatus::Active,
            name: Some(self.client.name.clone()),
            config: Default::default(),
            sealed_secrets: None,
            default_responder: None,
            oauth_client_id: Some(self.client.id.clone()),
            created_at: ctx.now,
            health_reason: None,
            last_good_at: None,
        };
        integration.key = integrations::insert(tx, &integration).await?;
        Ok(integration)
    }
}

impl Hub {
    /// Exchanges a partner's code, once. The first exchange for an app makes the partner's
    /// integration there; later ones give the same key.
    ///
    /// # Errors
    /// `Invalid` for an unknown partner, a wrong secret, or a code that is unknown, used, expired or
    /// another partner's. A refused code stays good for its own partner.
    pub async fn exchange_oauth_code(
        &self,
        code: &str,
        client_id: &str,
        client_secret: &str,
    ) -> Result<SigningKey> {
        let client = {
            let mut reader = self.reader().await?;
            oauth::client_by_id(&mut reader, client_id).await?
        };
        let wrong = || HubError::invalid("client_id or client_secret: wrong");
        let client = client.ok_or_else(wrong)?;
        let secret = self.sealer().open(&client.sealed_secret)?;
        if !bool::from(secret.as_bytes().ct_eq(client_secret.as_bytes())) {
            return Err(wrong());
        }
        let client_id = client.id.clone();
        let (key, _) = self.key_seed(&client.name)?;
        let (credential, app_id) = self.run(ExchangeCode { client, code_hash: hash(code), key }).await?;
        let key = self.open_key(credential)?;
        Ok(SigningKey { key_id: key.credential.id, secret: key.secret, app_id, client_id })
    }
}
