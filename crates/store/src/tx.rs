//! The one interface to the data: [`Read`] for look-ups, [`Tx`] for changes.
//!
//! Statements are named functions in [`crate::rows`]; they reach the engine through the few
//! methods here, so that one text serves every engine. On SQLite every future is ready at once.

use std::any::{Any, TypeId};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use model::recent::Recent;
use model::record::AppKey;

use crate::error::{Result, StoreError, note_damage};
use crate::sqlite::bind::bind;
use crate::value::{Param, Row};
use crate::versions::Written;

/// A connection on which statements read. All of its look-ups see the same state.
pub struct Read {
    pub(crate) engine: Engine,
}

/// The engines behind the interface.
pub(crate) enum Engine {
    Sqlite(rusqlite::Connection),
}

/// A transaction in which a command reads and writes. It commits as a whole or not at all.
pub struct Tx {
    pub(crate) read: Read,
    /// Whether the present command has changed anything.
    pub(crate) wrote: bool,
    /// Number of the newest event that was written since the last commit; 0 for none.
    pub(crate) newest_event: i64,
    /// Apps of which events were written since the last commit; some may have been taken back.
    pub(crate) apps_with_events: Vec<AppKey>,
    /// What was written since the last commit of what others hold in memory.
    pub(crate) written: Written,
    /// What was remembered since an app, an integration or a switchboard was written.
    remembered: Recent<(TypeId, i64), Arc<dyn Any + Send + Sync>, REMEMBERED_MAX>,
}

/// Things that are remembered at most.
const REMEMBERED_MAX: usize = 10_000;

impl Tx {
    pub(crate) fn over(read: Read) -> Tx {
        Tx {
            read,
            wrote: false,
            newest_event: 0,
            apps_with_events: Vec::new(),
            written: Written::default(),
            remembered: Recent::default(),
        }
    }

    /// What was remembered of this type under a key.
    pub fn recall<T: Any + Send + Sync>(&self, key: i64) -> Option<Arc<T>> {
        self.remembered.get(&(TypeId::of::<T>(), key))?.clone().downcast().ok()
    }

    /// Remembers something that follows from apps, integrations and switchboards alone, for this command
    /// and those after it. It is forgotten as soon as any of them is written, and when what was written
    /// is taken back.
    pub fn remember<T: Any + Send + Sync>(&mut self, key: i64, value: T) -> Arc<T> {
        let value = Arc::new(value);
        self.remembered.insert((TypeId::of::<T>(), key), value.clone());
        value
    }

    /// An app, an integration or a switchboard is written.
    pub(crate) fn settings_change(&mut self) {
        self.written.settings = true;
        self.remembered.clear();
    }

    /// What decides who hears of events is written.
    pub(crate) fn audience_changes(&mut self) {
        self.written.audience = true;
    }

    /// A key, or whoever owns keys, is changed or ends.
    pub(crate) fn keys_change(&mut self) {
        self.written.keys = true;
    }

    /// An event is written.
    pub(crate) fn event_of(&mut self, app: AppKey, sequence: i64) {
        self.newest_event = self.newest_event.max(sequence);
        if self.apps_with_events.last() != Some(&app) {
            self.apps_with_events.push(app);
        }
    }

    /// Whether the transaction was ended by somebody else than the writer: SQLite itself ends it when a
    /// statement, be it one that reads, meets a disk or a memory that fails. What is written behind that
    /// would be durable by itself.
    pub(crate) fn is_over(&self) -> bool {
        match &self.read.engine {
            Engine::Sqlite(connection) => connection.is_autocommit(),
        }
    }

    /// Refuses to write behind the end of the transaction.
    fn begin_write(&mut self) -> Result<()> {
        if self.is_over() {
            return Err(StoreError::Engine("the transaction is over".into()));
        }
        self.wrote = true;
        Ok(())
    }

    /// What was written is taken back, so that the newest event is this one again.
    pub(crate) fn taken_back(&mut self, newest_event: i64) {
        self.newest_event = newest_event;
        self.remembered.clear();
    }
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

impl Read {
    /// Every row of the answer, mapped.
    pub(crate) async fn all<R: Send>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<R> + Send,
    ) -> Result<Vec<R>> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, sql, params)?;
                let mut rows = statement.raw_query();
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(map(&Row { inner: row })?);
                }
                Ok(found)
            }
        }
    }

    /// Every row of the answer that can be read, mapped; its first column is its number. What is damaged is
    /// left out, logged and counted.
    pub(crate) async fn all_readable<R: Send>(
        &mut self,
        kind: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<R> + Send,
    ) -> Result<Vec<R>> {
        let found = self.all(sql, params, |row| readable(kind, row, map(row))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The first row of the answer, mapped.
    pub(crate) async fn one<R: Send>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        map: impl FnOnce(&Row<'_>) -> Result<R> + Send,
    ) -> Result<Option<R>> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, sql, params)?;
                let mut rows = statement.raw_query();
                rows.next()?.map(|row| map(&Row { inner: row })).transpose()
            }
        }
    }

    /// The number in the first column of the first row; 0 when there is none.
    pub(crate) async fn number(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<i64> {
        Ok(self.one(sql, params, |row| row.opt_int(0)).await?.flatten().unwrap_or(0))
    }
}

/// What was read of a row, whose first column is its number; `None` when it is damaged, which is logged and
/// counted.
pub(crate) fn readable<R>(kind: &'static str, row: &Row<'_>, read: Result<R>) -> Result<Option<R>> {
    match read {
        Err(StoreError::Damaged(why)) => {
            note_damage(kind, row.int(0)?, &why);
            Ok(None)
        }
        read => read.map(Some),
    }
}

impl Tx {
    /// Runs a statement that changes rows; gives how many.
    pub(crate) async fn change(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        self.begin_write()?;
        match &self.read.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, sql, params)?;
                Ok(statement.raw_execute()? as u64)
            }
        }
    }

    /// Runs an insertion of one row; gives its key.
    pub(crate) async fn insert(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<i64> {
        self.begin_write()?;
        match &self.read.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, sql, params)?;
                match statement.raw_execute()? {
                    1 => Ok(connection.last_insert_rowid()),
                    rows => Err(StoreError::Engine(format!("an insertion added {rows} rows"))),
                }
            }
        }
    }
}
