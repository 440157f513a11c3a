//! A few connections that only read. A reader sees one state of the data until it is given back.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::open_reader;
use crate::error::{Result, StoreError};
use crate::tx::{Engine, Read};

/// The pool. Connections are opened when first needed.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
    /// Who holds a reader, if nobody may hold two.
    holders: Option<Mutex<HashSet<Holder>>>,
}

/// Whoever holds a reader: a task, or a thread that waits for a future outside of any.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Task(tokio::task::Id),
    Thread(ThreadId),
}

impl Holder {
    fn current() -> Holder {
        tokio::task::try_id().map_or_else(|| Holder::Thread(std::thread::current().id()), Holder::Task)
    }
}

impl Readers {
    pub(crate) fn new(path: &Path, readers_max: usize, one_a_task: bool) -> Arc<Readers> {
        Arc::new(Readers {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
            places: Arc::new(Semaphore::new(readers_max)),
            holders: one_a_task.then(Mutex::default),
        })
    }

    /// The current task, which is about to hold a reader, if that is watched.
    fn holder(&self) -> Option<Holder> {
        let holders = self.holders.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let holder = Holder::current();
        assert!(!holders.contains(&holder), "a task that holds a reader takes another");
        Some(holder)
    }

    fn note(&self, holder: Option<Holder>, holds: bool) {
        let (Some(holders), Some(holder)) = (&self.holders, holder) else { return };
        let mut holders = holders.lock().unwrap_or_else(PoisonError::into_inner);
        let _was_there = if holds { holders.insert(holder) } else { holders.remove(&holder) };
    }

    /// Waits for a free reader and begins its view of the data.
    pub(crate) async fn take(self: &Arc<Readers>) -> Result<Reader> {
        let holder = self.holder();
        let place = self.places.clone().acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| open_reader(&self.path), Ok)?;
        connection.prepare_cached("BEGIN")?.execute([])?;
        let read = Read { engine: Engine::Sqlite(connection) };
        self.note(holder, true);
        Ok(Reader { read: Some(read), pool: self.clone(), holder, _place: place })
    }

    /// Gives no reader any more; those that are taken work on.
    pub(crate) fn close(&self) {
        self.places.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A reader that was taken from the pool; dropping it gives it back.
pub struct Reader {
    read: Option<Read>,
    pool: Arc<Readers>,
    holder: Option<Holder>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.pool.note(self.holder, false);
        let Some(Read { engine: Engine::Sqlite(connection) }) = self.read.take() else { return };
        let ended = connection.prepare_cached("COMMIT").and_then(|mut statement| statement.execute([]));
        // One that cannot end its view is not given back; the pool opens another.
        if ended.is_ok() && !self.pool.places.is_closed() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Deref for Reader {
    type Target = Read;

    fn deref(&self) -> &Read {
        match &self.read {
            Some(read) => read,
            None => unreachable!("a reader holds its connection until it is dropped"),
        }
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Read {
        match &mut self.read {
            Some(read) => read,
            None => unreachable!("a reader holds its connection until it is dropped"),
        }
    }
}
