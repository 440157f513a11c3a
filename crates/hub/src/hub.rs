//! The handle through which dialects, delivery and server use the core.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use model::Millis;
use store::files::Files;
use store::{Command, Reader, Store};
use tokio::sync::RwLock;

use crate::channel::Lent;
use crate::commands::conversion::ConversionReporter;
use crate::commands::integration::Provisioner;
use crate::commands::oauth::Parting;
use crate::directory::Directory;
use crate::error::{HubError, Result};
use crate::queries::previews::Previewer;
use crate::seal::Sealer;
use crate::waits::Waits;

/// The hub. Clones share it.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    files: Files,
    sealer: Sealer,
    directory: Directory,
    settings: Settings,
    /// Speaks to providers; handed in before the server serves.
    provisioner: OnceLock<Arc<dyn Provisioner>>,
    /// Integrations of a type are set up side by side, and withdrawn while none is set up.
    setting_up: Mutex<HashMap<String, Arc<RwLock<()>>>>,
    /// Tells providers of conversions; handed in before the server serves.
    conversion_reporter: OnceLock<Arc<dyn ConversionReporter>>,
    /// Renders messages without sending them; handed in before the server serves.
    previewer: OnceLock<Arc<dyn Previewer>>,
    /// What the operator lends integrations, by type; handed in before the server serves.
    lent: OnceLock<HashMap<String, Lent>>,
    /// Woken when something was deleted.
    sweeper: tokio::sync::Notify,
    /// When files without a row are looked for again, Unix milliseconds.
    orphans_due: AtomicI64,
    /// Woken when a medium is to be fetched.
    media: tokio::sync::Notify,
    /// Counts media that came, or will not come; whoever waits for one looks again.
    media_settled: tokio::sync::watch::Sender<u64>,
    /// Calls that wait for events.
    waits: Waits,
    /// Partners that want to be told that their access has ended.
    partings: tokio::sync::broadcast::Sender<Parting>,
}

/// Partings that may wait for whoever tells them; of more the oldest are forgotten.
const PARTINGS_MAX: usize = 256;

/// A store that does not answer for so long is not ready.
const READY_TIME_MAX: Duration = Duration::from_secs(2);

/// What the operator decides about the hub.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What links and providers are told, without a slash at the end.
    pub public_url: String,
    /// Whether webhooks may point to internal addresses.
    pub allow_private_targets: bool,
    /// How long settled events are kept, milliseconds.
    pub event_retention_ms: i64,
    /// Whether the secrets of API keys are shown when keys are read, and not only when they are made.
    pub key_secrets_readable: bool,
    /// Whether agents and bots among the authors of the business are told apart where the form has a word
    /// for it.
    pub author_roles_shown: bool,
}

impl Hub {
    /// A hub over an open store.
    pub fn new(store: Store, files: Files, sealer: Sealer, settings: Settings) -> Hub {
        let inner = Inner {
            store,
            files,
            sealer,
            directory: Directory::default(),
            settings,
            provisioner: OnceLock::new(),
            setting_up: Mutex::default(),
            conversion_reporter: OnceLock::new(),
            previewer: OnceLock::new(),
            lent: OnceLock::new(),
            sweeper: tokio::sync::Notify::new(),
            orphans_due: AtomicI64::new(0),
            media: tokio::sync::Notify::new(),
            media_settled: tokio::sync::watch::Sender::new(0),
            waits: Waits::default(),
            partings: tokio::sync::broadcast::Sender::new(PARTINGS_MAX),
        };
        Hub { inner: Arc::new(inner) }
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        self.inner.store.clock().now()
    }

    /// Whether the store can be read and written: it gives a reader within two seconds, and the last commit
    /// worked. After one that failed a write is tried each time, so that it is noticed when the disk has room
    /// again.
    pub async fn is_ready(&self) -> bool {
        let asked =
            async { self.reader().await.is_ok() && (self.store().commits() || self.can_write().await) };
        tokio::time::timeout(READY_TIME_MAX, asked).await.unwrap_or(false)
    }

    /// Hands in who speaks to providers when integrations come and go. Without one they come and go
    /// unasked, as in tests of the hub alone. The first one stays.
    pub fn use_provisioner(&self, provisioner: Arc<dyn Provisioner>) {
        let _the_first_stays = self.inner.provisioner.set(provisioner);
    }

    pub(crate) fn provisioner(&self) -> Option<&Arc<dyn Provisioner>> {
        self.inner.provisioner.get()
    }

    /// The lock of an integration type: to read for setting up, to write for withdrawing.
    pub(crate) fn setting_up(&self, kind: &str) -> Arc<RwLock<()>> {
        let mut locks = self.inner.setting_up.lock().unwrap_or_else(PoisonError::into_inner);
        locks.entry(kind.to_owned()).or_default().clone()
    }

    /// Hands in who tells providers of conversions. The first one stays.
    pub fn use_conversion_reporter(&self, reporter: Arc<dyn ConversionReporter>) {
        let _the_first_stays = self.inner.conversion_reporter.set(reporter);
    }

    pub(crate) fn conversion_reporter(&self) -> Option<&Arc<dyn ConversionReporter>> {
        self.inner.conversion_reporter.get()
    }

    /// Hands in who renders messages without sending them. The first one stays.
    pub fn use_previewer(&self, previewer: Arc<dyn Previewer>) {
        let _the_first_stays = self.inner.previewer.set(previewer);
    }

    pub(crate) fn previewer(&self) -> Option<&Arc<dyn Previewer>> {
        self.inner.previewer.get()
    }

    /// Hands in what the operator lends integrations that have no secrets of their own, by type
    /// (decision 35). The first one stays.
    pub fn lend_settings(&self, lent: HashMap<String, Lent>) {
        let _the_first_stays = self.inner.lent.set(lent);
    }

    pub(crate) fn lent(&self, kind: &str) -> Option<&Lent> {
        self.inner.lent.get()?.get(kind)
    }

    /// Whether it is time to look for files without a row; if so, it is again in `every_ms`.
    pub(crate) fn orphans_are_due(&self, now: Millis, every_ms: i64) -> bool {
        let due = &self.inner.orphans_due;
        let next = due.load(Ordering::Acquire);
        now.0 >= next
            && due.compare_exchange(next, now.plus(every_ms).0, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Tells the sweeper that there is something to remove.
    pub(crate) fn wake_sweeper(&self) {
        self.inner.sweeper.notify_one();
    }

    pub(crate) fn sweeper(&self) -> &tokio::sync::Notify {
        &self.inner.sweeper
    }

    /// Tells delivery that a medium may have to be fetched.
    pub(crate) fn media_waits(&self) {
        self.inner.media.notify_one();
    }

    pub(crate) fn media(&self) -> &tokio::sync::Notify {
        &self.inner.media
    }

    pub(crate) fn media_settled(&self) -> &tokio::sync::watch::Sender<u64> {
        &self.inner.media_settled
    }

    /// Has a partner told that its access has ended.
    pub(crate) fn part(&self, parting: Parting) {
        // It fails when nobody is there to tell it.
        let _told = self.inner.partings.send(parting);
    }

    /// Partners that are to be told from now on that their access has ended. The partner has asked for
    /// the end itself, so that nothing is kept for it over a restart.
    pub fn partings(&self) -> tokio::sync::broadcast::Receiver<Parting> {
        self.inner.partings.subscribe()
    }

    pub(crate) fn waits(&self) -> &Waits {
        &self.inner.waits
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn files(&self) -> &Files {
        &self.inner.files
    }

    pub(crate) fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    pub(crate) async fn run<C: Command<Error = HubError>>(&self, command: C) -> Result<C::Out> {
        self.inner.store.run(command).await
    }

    pub(crate) async fn reader(&self) -> Result<Reader> {
        Ok(self.inner.store.reader().await?)
    }
}
