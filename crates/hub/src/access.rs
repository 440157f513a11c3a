//! Who asks, and the proof that they may act on an app.

use std::sync::Arc;

use model::Id;
use model::record::{AccountKey, App, CredentialKey, IntegrationKey, KeyKind};
use subtle::ConstantTimeEq;

use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;

/// What a caller's key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// An account and all its apps.
    Account,
    /// One app.
    App,
    /// One custom or OAuth integration.
    Integration,
}

/// A live key with its open secret: what is needed to check whoever claims to hold it.
pub struct LiveKey {
    /// Whom the key stands for.
    pub caller: Arc<Caller>,
    /// Its kind.
    pub kind: KeyKind,
    secret: String,
    expires_at: Option<model::Millis>,
}

impl std::fmt::Debug for LiveKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveKey").field("caller", &self.caller).finish_non_exhaustive()
    }
}

impl LiveKey {
    pub(crate) fn new(
        caller: Caller,
        kind: KeyKind,
        secret: String,
        expires_at: Option<model::Millis>,
    ) -> LiveKey {
        LiveKey { caller: Arc::new(caller), kind, secret, expires_at }
    }

    /// The secret, for checking signatures made with it.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Whether `presented` is the secret; takes the same time whatever the answer.
    pub fn secret_is(&self, presented: &str) -> bool {
        self.secret.as_bytes().ct_eq(presented.as_bytes()).into()
    }
}

/// Who asks. Never an option to unwrap: what a scope needs stands in its variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// The key's row.
    pub credential: CredentialKey,
    /// The key's public id; rate limits count by it.
    pub key_id: String,
    /// The tenant.
    pub account: AccountKey,
    /// What the key opens.
    pub reach: Reach,
}

/// What a caller's key opens, with the things it opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// An account and all its apps.
    Account,
    /// One app.
    App {
        /// Its id.
        app_id: Id,
    },
    /// One integration.
    Integration {
        /// The id of its app.
        app_id: Id,
        /// Its key.
        integration: IntegrationKey,
        /// Its id.
        integration_id: Id,
    },
}

impl Caller {
    /// What the key opens.
    pub fn scope(&self) -> Scope {
        match self.reach {
            Reach::Account => Scope::Account,
            Reach::App { .. } => Scope::App,
            Reach::Integration { .. } => Scope::Integration,
        }
    }

    /// Refuses whoever has no account's key; `does` goes on after "only an account's key".
    pub(crate) fn check_account(&self, does: &str) -> Result<()> {
        match self.scope() {
            Scope::Account => Ok(()),
            _ => Err(HubError::Forbidden(format!("only an account's key {does}"))),
        }
    }

    /// The calling integration, under integration scope.
    pub fn integration(&self) -> Option<(IntegrationKey, Id)> {
        match self.reach {
            Reach::Integration { integration, integration_id, .. } => Some((integration, integration_id)),
            _ => None,
        }
    }
}

/// The proof that a caller may act on an app. Only the hub makes one.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// The app.
    pub app: Arc<App>,
    /// Set for a request that is to be done once.
    pub(crate) once: Option<crate::once::Once>,
}

impl Hub {
    /// The live key with this id; `None` when there is none, or it has ended.
    pub async fn live_key(&self, key_id: &str) -> Result<Option<Arc<LiveKey>>> {
        let key = self.directory().key(self, key_id).await?;
        let now = self.now();
        Ok(key.filter(|key| key.expires_at.is_none_or(|end| end > now)))
    }

    /// Resolves the app of a path for a caller (sunshine-v2.md §1.7): an app that an account does
    /// not own is not found; for an app or integration key every other app is forbidden, whether it
    /// exists or not.
    pub async fn grant(&self, caller: Arc<Caller>, app_id: Id) -> Result<Grant> {
        let opened = match &caller.reach {
            Reach::Account => None,
            Reach::App { app_id } | Reach::Integration { app_id, .. } => Some(*app_id),
        };
        if opened.is_some_and(|opened| opened != app_id) {
            return Err(HubError::Forbidden("this key does not open the app".into()));
        }
        let app = self.directory().app(self, app_id).await?;
        match app {
            Some(app) if app.account == caller.account => Ok(Grant { caller, app, once: None }),
            _ if opened.is_some() => Err(HubError::Forbidden("this key does not open the app".into())),
            _ => Err(HubError::NotFound(Thing::App)),
        }
    }
}
