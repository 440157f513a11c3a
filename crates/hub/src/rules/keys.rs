//! What makes an API key (sunshine-v2.md §10.2, §10.3).

use model::record::{AccountKey, AppKey, Credential, CredentialKey, IntegrationKey, KeyKind};
use store::rows::credentials;
use store::{Ctx, Tx};

use crate::error::Result;
use crate::hub::Hub;
use crate::secret::key_secret;

/// A key with its open secret, as only its maker gets it.
#[derive(Clone, PartialEq)]
pub struct NewKey {
    /// The key.
    pub credential: Credential,
    /// Its secret: 86 characters of URL-safe base64, unless it was seeded.
    pub secret: String,
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("id", &self.credential.id).finish_non_exhaustive()
    }
}

/// A key as it is read.
#[derive(Clone, PartialEq)]
pub struct KeyView {
    /// The key.
    pub credential: Credential,
    /// Its secret, if the operator lets it be read ([`crate::Settings::key_secrets_readable`]).
    pub secret: Option<String>,
}

impl std::fmt::Debug for KeyView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyView").field("id", &self.credential.id).finish_non_exhaustive()
    }
}

/// Whose a key is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyOwner {
    Account(AccountKey),
    App(AccountKey, AppKey),
    Integration(AccountKey, AppKey, IntegrationKey),
    OAuth(AccountKey, AppKey, IntegrationKey),
}

/// A key that is to be made: the inputs of the command that makes it.
pub(crate) struct KeySeed {
    pub name: String,
    pub sealed_secret: Vec<u8>,
}

impl KeySeed {
    /// Adds the key; its id has the prefix of its kind.
    pub(crate) async fn insert(&self, tx: &mut Tx, ctx: &Ctx, owner: KeyOwner) -> Result<Credential> {
        let (kind, account, app, integration) = match owner {
            KeyOwner::Account(account) => (KeyKind::Account, account, None, None),
            KeyOwner::App(account, app) => (KeyKind::App, account, Some(app), None),
            KeyOwner::Integration(account, app, own) => (KeyKind::Integration, account, Some(app), Some(own)),
            KeyOwner::OAuth(account, app, own) => (KeyKind::OAuth, account, Some(app), Some(own)),
        };
        let mut credential = Credential {
            key: CredentialKey::default(),
            id: format!("{}{}", kind.prefix(), ctx.id()),
            kind,
            account,
            app,
            integration,
            name: self.name.clone(),
            sealed_secret: self.sealed_secret.clone(),
            created_at: ctx.now,
            expires_at: None,
        };
        credential.key = credentials::insert(tx, &credential, false).await?;
        Ok(credential)
    }
}

impl Hub {
    /// A new secret for a key, and what the command that makes the key needs.
    pub(crate) fn key_seed(&self, name: &str) -> Result<(KeySeed, String)> {
        let secret = key_secret();
        let sealed_secret = self.sealer().seal(&secret)?;
        Ok((KeySeed { name: name.to_owned(), sealed_secret }, secret))
    }

    /// A key with its open secret.
    pub(crate) fn open_key(&self, credential: Credential) -> Result<NewKey> {
        let secret = self.sealer().open(&credential.sealed_secret)?;
        Ok(NewKey { credential, secret })
    }

    /// A key as it may be read.
    pub(crate) fn view_key(&self, credential: Credential) -> Result<KeyView> {
        if !self.settings().key_secrets_readable {
            return Ok(KeyView { credential, secret: None });
        }
        let NewKey { credential, secret } = self.open_key(credential)?;
        Ok(KeyView { credential, secret: Some(secret) })
    }
}
