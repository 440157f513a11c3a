//! A few connections that only read. A reader sees one state of the data until it is given back.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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
}

impl Readers {
    pub(crate) fn new(path: &Path, readers_max: usize) -> Arc<Readers> {
        Arc::new(Readers {
            path: path.to_owned(),
            idle: Mutex::new(Vec::new()),
            places: Arc::new(Semaphore::new(readers_max)),
        })
    }

    /// Waits for a free reader and begins its view of the data.
    pub(crate) async fn take(self: &Arc<Readers>) -> Result<Reader> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| open_reader(&self.path), Ok)?;
        connection.prepare_cached("BEGIN")?.execute([])?;
        let read = Read { engine: Engine::Sqlite(connection) };
        Ok(Reader { read: Some(read), pool: self.clone(), _place: place })
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
    _place: OwnedSemaphorePermit,
}

impl Drop for Reader {
    fn drop(&mut self) {
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
