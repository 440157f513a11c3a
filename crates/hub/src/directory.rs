//! Keys, apps and channels in memory: every request asks for them, and they seldom change. Each is held with
//! the store's number of its kind, and read again once that has risen.

use std::sync::{Arc, PoisonError, RwLock};

use model::Id;
use model::recent::Recent;
use model::record::{App, AppKey, KeyKind};
use store::rows::{accounts, apps, conversations, credentials, integrations};

use crate::access::{Caller, LiveKey, Reach};
use crate::channel::OpenChannel;
use crate::commands::access_token::VerifyingKey;
use crate::error::Result;
use crate::hub::Hub;
use crate::outbox::HeardApp;

/// Entries of each kind that are kept at most.
const ENTRIES_MAX: usize = 10_000;

/// Things as they were at a number of the store, as [`store::Store::settings_version`].
pub(crate) struct Held<K, V>(RwLock<Recent<K, (u64, Arc<V>), ENTRIES_MAX>>);

impl<K, V> Default for Held<K, V> {
    fn default() -> Held<K, V> {
        Held(RwLock::default())
    }
}

impl<K: Eq + std::hash::Hash, V> Held<K, V> {
    /// What is held, if it is as good as new.
    pub(crate) fn get<Q>(&self, key: &Q, version: u64) -> Option<Arc<V>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + std::hash::Hash + ?Sized,
    {
        read(&self.0).get(key).filter(|(at, _)| *at == version).map(|(_, value)| value.clone())
    }

    /// Holds what was read after `version` was.
    pub(crate) fn put(&self, key: K, version: u64, value: V) -> Arc<V> {
        let value = Arc::new(value);
        write(&self.0).insert(key, (version, value.clone()));
        value
    }
}

/// The cache.
#[derive(Default)]
pub(crate) struct Directory {
    keys: Held<String, LiveKey>,
    apps: Held<Id, App>,
    apps_by_key: Held<AppKey, App>,
    channels: Held<Id, OpenChannel>,
    /// A conversation stays in its app; whether it is still there is asked by whoever uses it.
    apps_of_conversations: RwLock<Recent<Id, AppKey, ENTRIES_MAX>>,
    token_keys: RwLock<Option<Arc<Vec<VerifyingKey>>>>,
    /// Apps as events show them, with [`store::Store::audience_version`].
    heard_apps: Held<AppKey, HeardApp>,
}

impl Directory {
    pub(crate) async fn key(&self, hub: &Hub, key_id: &str) -> Result<Option<Arc<LiveKey>>> {
        let version = hub.store().keys_version();
        if let Some(key) = self.keys.get(key_id, version) {
            return Ok(Some(key));
        }
        let key = load_key(hub, key_id).await?;
        Ok(key.map(|key| self.keys.put(key_id.to_owned(), version, key)))
    }

    pub(crate) async fn app(&self, hub: &Hub, app_id: Id) -> Result<Option<Arc<App>>> {
        let version = hub.store().settings_version();
        if let Some(app) = self.apps.get(&app_id, version) {
            return Ok(Some(app));
        }
        let mut reader = hub.reader().await?;
        let app = apps::by_id(&mut reader, app_id).await?;
        Ok(app.map(|app| self.apps.put(app_id, version, app)))
    }

    pub(crate) async fn app_by_key(&self, hub: &Hub, key: AppKey) -> Result<Option<Arc<App>>> {
        let version = hub.store().settings_version();
        if let Some(app) = self.apps_by_key.get(&key, version) {
            return Ok(Some(app));
        }
        let mut reader = hub.reader().await?;
        let app = apps::by_key(&mut reader, key).await?;
        Ok(app.map(|app| self.apps_by_key.put(key, version, app)))
    }

    /// The app of a conversation, which may have been deleted meanwhile.
    pub(crate) async fn app_of_conversation(&self, hub: &Hub, id: Id) -> Result<Option<AppKey>> {
        if let Some(app) = read(&self.apps_of_conversations).get(&id) {
            return Ok(Some(*app));
        }
        let mut reader = hub.reader().await?;
        let Some(app) = conversations::app_of(&mut reader, id).await? else { return Ok(None) };
        write(&self.apps_of_conversations).insert(id, app);
        Ok(Some(app))
    }

    /// The living integration of whatever app with its secrets open.
    pub(crate) async fn channel(&self, hub: &Hub, id: Id) -> Result<Option<Arc<OpenChannel>>> {
        let version = hub.store().settings_version();
        if let Some(channel) = self.channels.get(&id, version) {
            return Ok(Some(channel));
        }
        let mut reader = hub.reader().await?;
        let Some(found) = integrations::by_public_id(&mut reader, id).await? else { return Ok(None) };
        Ok(Some(self.channels.put(id, version, hub.open_channel(found)?)))
    }

    pub(crate) fn heard_apps(&self) -> &Held<AppKey, HeardApp> {
        &self.heard_apps
    }

    pub(crate) fn token_keys(&self) -> Option<Arc<Vec<VerifyingKey>>> {
        read(&self.token_keys).clone()
    }

    /// Remembers the keys that verify access tokens.
    pub(crate) fn remember_token_keys(&self, keys: Vec<VerifyingKey>) -> Arc<Vec<VerifyingKey>> {
        let keys = Arc::new(keys);
        *write(&self.token_keys) = Some(keys.clone());
        keys
    }
}

async fn load_key(hub: &Hub, key_id: &str) -> Result<Option<LiveKey>> {
    let mut reader = hub.reader().await?;
    let Some(key) = credentials::by_id(&mut reader, key_id).await? else { return Ok(None) };
    if accounts::by_key(&mut reader, key.account).await?.is_none() {
        return Ok(None);
    }
    let reach = match key.kind {
        KeyKind::Account | KeyKind::Administration | KeyKind::Conversations => Reach::Account,
        KeyKind::App => match key.app {
            Some(app) => match apps::by_key(&mut reader, app).await? {
                Some(app) => Reach::App { app_id: app.id },
                None => return Ok(None),
            },
            None => return Ok(None),
        },
        KeyKind::Integration | KeyKind::OAuth => {
            let (Some(app), Some(integration)) = (key.app, key.integration) else { return Ok(None) };
            let app = apps::by_key(&mut reader, app).await?;
            let integration = integrations::by_key(&mut reader, integration).await?;
            let (Some(app), Some(integration)) = (app, integration) else { return Ok(None) };
            Reach::Integration {
                app_id: app.id,
                integration: integration.key,
                integration_id: integration.id,
            }
        }
    };
    let secret = hub.sealer().open(&key.sealed_secret)?;
    let caller = Caller { credential: key.key, key_id: key.id, account: key.account, reach };
    Ok(Some(LiveKey::new(caller, key.kind, secret, key.expires_at)))
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
