//! The handle to an open store.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::record::AppKey;
use model::{Clock, Id, Millis};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::Span;

use crate::command::Command;
use crate::error::{Result, StoreError};
use crate::migrations::{migrate_sqlite, sqlite_version};
use crate::sqlite::checkpoint::Checkpoints;
use crate::sqlite::connection::{database_path, open_reader, open_writer};
use crate::sqlite::readers::{Reader, Readers};
use crate::sqlite::writer::{Pending, QUEUE_COMMANDS_MAX, Work, Writer};
use crate::versions::Versions;
use crate::watched::{AppWatch, WatchedApps};

/// The clock of the machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that reads the clock
    fn now(&self) -> Millis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Millis(since.map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The directory that holds it; made when it does not exist.
    pub data_dir: PathBuf,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Connections that read at the same time, at most.
    pub readers_max: usize,
    /// Commands in one commit, at most. 1 commits each by itself (the bench compares).
    pub batch_commands_max: usize,
    /// Whether a task that holds a reader and asks for another is stopped with a panic: once every place is
    /// taken by such tasks, none of them goes on, nor anybody else. For tests; it costs a lock for each
    /// reader.
    pub one_reader_a_task: bool,
}

impl Options {
    /// The usual options for a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Options {
        Options {
            data_dir: data_dir.into(),
            clock: Arc::new(SystemClock),
            readers_max: 4,
            batch_commands_max: 512,
            one_reader_a_task: cfg!(debug_assertions),
        }
    }
}

/// An open store. Clones share it; it closes when one of them is told to, or the last is gone.
#[derive(Clone)]
pub struct Store {
    queue: mpsc::Sender<Work>,
    readers: Arc<Readers>,
    newest_event: watch::Receiver<i64>,
    watched_apps: Arc<WatchedApps>,
    versions: Arc<Versions>,
    commits: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
    path: PathBuf,
    closed: watch::Receiver<()>,
}

impl Store {
    /// Opens the store of a data directory and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a store of a newer version; engine and file errors.
    pub fn open(options: Options) -> Result<Store> {
        std::fs::create_dir_all(&options.data_dir).map_err(|source| StoreError::File {
            what: format!("making the data directory {}", options.data_dir.display()),
            source,
        })?;
        let path = database_path(&options.data_dir);
        if path.exists() {
            Store::check_version(&options.data_dir)?;
        }
        let mut connection = open_writer(&path)?;
        migrate_sqlite(&mut connection, options.clock.now())?;
        let newest = connection.query_row("SELECT coalesce(max(k), 0) FROM events", [], |row| row.get(0))?;
        let (newest_event, newest_events) = watch::channel(newest);
        let (queue, waiting) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let (open, closed) = watch::channel(());
        let versions = Arc::<Versions>::default();
        let watched_apps = Arc::<WatchedApps>::default();
        let commits = Arc::new(AtomicBool::new(true));
        let writer = Writer {
            queue: waiting,
            clock: options.clock.clone(),
            newest_event,
            watched_apps: watched_apps.clone(),
            checkpoints: Checkpoints::start(&path, &connection)?,
            batch_max: options.batch_commands_max.max(1),
            versions: versions.clone(),
            newest_id: newest_id(&connection)?,
            commits: commits.clone(),
        };
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                writer.run(connection);
                drop(open);
            })
            .map_err(|source| StoreError::File { what: "starting a thread".into(), source })?;
        let readers = Readers::new(&path, options.readers_max.max(1), options.one_reader_a_task);
        let (newest_event, clock) = (newest_events, options.clock);
        Ok(Store { queue, readers, newest_event, watched_apps, versions, commits, clock, path, closed })
    }

    /// Refuses a data directory that a newer version of the program has written, without touching it.
    pub fn check_version(data_dir: &Path) -> Result<()> {
        let found = sqlite_version(&open_reader(&database_path(data_dir))?)?;
        let known = crate::migrations::newest_version();
        if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
    }

    /// Makes a change. The answer comes after it is durable; a command that is queued runs to its
    /// end even if its caller goes away.
    ///
    /// # Errors
    /// The command's own, [`StoreError::Busy`] when too many wait, [`StoreError::Closed`].
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Out, C::Error> {
        let (reply, answer) = oneshot::channel();
        let pending = Pending { command, outcome: None, reply, span: Span::current() };
        self.queue.try_send(Work::Run(Box::new(pending))).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Takes a reader; all of its look-ups see one state of the data. Give it back soon, and before the same
    /// task asks for another.
    pub async fn reader(&self) -> Result<Reader> {
        self.readers.take().await
    }

    /// Whether the last batch that changed anything was committed: `false` while a disk is full or takes no
    /// writes, as far as anybody has tried to write.
    pub fn commits(&self) -> bool {
        self.commits.load(Ordering::Acquire)
    }

    /// How many commands wait for the writer.
    pub fn waiting_commands(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// The number of the newest durable event; changes when a batch with events commits.
    pub fn newest_event(&self) -> watch::Receiver<i64> {
        self.newest_event.clone()
    }

    /// Tells when an app has new events, which are durable by then. It is told before
    /// [`Store::newest_event`] changes.
    pub fn watch_events(&self, app: AppKey) -> AppWatch {
        self.watched_apps.watch(app)
    }

    /// Rises with every commit that changed an app, an integration or a switchboard: what was read of them at
    /// another number may be old.
    pub fn settings_version(&self) -> u64 {
        self.versions.settings()
    }

    /// Rises with every commit that changed or ended a key, by itself or with the account, app or integration
    /// that owned it: what was read of them at another number may be old.
    pub fn keys_version(&self) -> u64 {
        self.versions.keys()
    }

    /// Rises with every commit that changed who hears of events, and in which form: subscriptions,
    /// endpoints, switchboards, addresses in settings, whether an app or an integration rests. It has risen
    /// before the callers are answered, and before [`Store::newest_event`] changes.
    pub fn audience_version(&self) -> u64 {
        self.versions.audience()
    }

    /// Whether what was remembered at this number of [`Store::audience_version`] is what a reader shows that
    /// was taken since. From just before a commit that changes it until the number has risen nothing is.
    pub fn is_audience(&self, version: u64) -> bool {
        self.versions.is_audience(version)
    }

    /// The same number, for whoever waits until it rises.
    pub fn watch_audience(&self) -> watch::Receiver<u64> {
        self.versions.watch_audience()
    }

    /// The store's clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Copies the data to a new file while the store is in use. Blocks; `progress` gets pages done
    /// and pages in all.
    pub fn backup(&self, to: &Path, progress: impl FnMut(i32, i32)) -> Result<()> {
        crate::sqlite::backup::copy(&self.path, to, progress)
    }

    /// Closes the store, whatever handles to it are left: commands that are queued are done, later ones and
    /// new readers are refused with [`StoreError::Closed`]. Waits until everything is in the database and the
    /// log beside it is empty.
    pub async fn close(self) {
        self.readers.close();
        // It fails when the writer has ended before.
        let _told = self.queue.send(Work::Stop).await;
        let mut closed = self.closed.clone();
        while closed.changed().await.is_ok() {}
    }
}

/// Ids have to rise across restarts even if the clock went back.
fn newest_id(connection: &rusqlite::Connection) -> Result<Id> {
    let mut newest = Id::MIN;
    for sql in [
        "SELECT id FROM messages ORDER BY k DESC LIMIT 1",
        "SELECT id FROM events ORDER BY k DESC LIMIT 1",
        "SELECT id FROM users ORDER BY k DESC LIMIT 1",
        "SELECT id FROM apps ORDER BY k DESC LIMIT 1",
        "SELECT id FROM conversations ORDER BY k DESC LIMIT 1",
    ] {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        if let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            newest = newest.max(Id::from_slice(&bytes).unwrap_or(Id::MIN));
        }
    }
    Ok(newest)
}
