//! Keys and apps in memory: every request asks for them, and they seldom change. Whoever changes
//! one forgets it here after the commit.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use model::Id;
use model::record::{App, KeyKind};
use store::rows::{accounts, apps, credentials, integrations};

use crate::access::{Caller, LiveKey, Reach};
use crate::commands::access_token::VerifyingKey;
use crate::error::Result;
use crate::hub::Hub;

/// Entries of each kind that are kept at most; the whole cache is dropped when it is full.
const ENTRIES_MAX: usize = 10_000;

/// The cache.
#[derive(Default)]
pub(crate) struct Directory {
    keys: RwLock<HashMap<String, Arc<LiveKey>>>,
    apps: RwLock<HashMap<Id, Arc<App>>>,
    token_keys: RwLock<Option<Arc<Vec<VerifyingKey>>>>,
    /// Counts what was forgotten, so that a load that began before is not remembered.
    changes: std::sync::atomic::AtomicU64,
}

impl Directory {
    pub(crate) async fn key(&self, hub: &Hub, key_id: &str) -> Result<Option<Arc<LiveKey>>> {
        if let Some(key) = read(&self.keys).get(key_id) {
            return Ok(Some(key.clone()));
        }
        let before = self.changes();
        let Some(key) = load_key(hub, key_id).await?.map(Arc::new) else { return Ok(None) };
        self.remember(before, &self.keys, key_id.to_owned(), key.clone());
        Ok(Some(key))
    }

    pub(crate) async fn app(&self, hub: &Hub, app_id: Id) -> Result<Option<Arc<App>>> {
        if let Some(app) = read(&self.apps).get(&app_id) {
            return Ok(Some(app.clone()));
        }
        let before = self.changes();
        let mut reader = hub.reader().await?;
        let Some(app) = apps::by_id(&mut reader, app_id).await?.map(Arc::new) else { return Ok(None) };
        self.remember(before, &self.apps, app_id, app.clone());
        Ok(Some(app))
    }

    /// Forgets an app after it was changed or deleted.
    pub(crate) fn forget_app(&self, app_id: Id) {
        self.count_change();
        write(&self.apps).remove(&app_id);
    }

    /// Forgets all keys after any of them ended.
    pub(crate) fn forget_keys(&self) {
        self.count_change();
        write(&self.keys).clear();
    }

    /// Forgets all keys and apps after an account ended.
    pub(crate) fn forget_everything(&self) {
        self.count_change();
        write(&self.keys).clear();
        write(&self.apps).clear();
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

    fn changes(&self) -> u64 {
        self.changes.load(std::sync::atomic::Ordering::Acquire)
    }

    fn count_change(&self) {
        self.changes.fetch_add(1, std::sync::atomic::Ordering::AcqRel);
    }

    fn remember<K: Eq + std::hash::Hash, V>(
        &self,
        before: u64,
        map: &RwLock<HashMap<K, V>>,
        key: K,
        value: V,
    ) {
        let mut map = write(map);
        if self.changes() != before {
            return;
        }
        if map.len() >= ENTRIES_MAX {
            map.clear();
        }
        map.insert(key, value);
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
