//! Moving the write-ahead log into the database without stalling the writer.
//!
//! A passive checkpoint beside a busy writer never reaches the log's end, and the log would grow
//! without end. So a thread of its own does the bulk, and the writer does one short passive
//! checkpoint for the rest between two batches; then the log starts again from its beginning.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use rusqlite::Connection;

use super::connection::open_checkpointer;
use crate::error::{Result, StoreError};

/// Pages of the log after which it is moved, 32 MB. A page that many commits change is in the log once for
/// each of them, and moved once: the rarer the moves, the less is written.
const PAGES_BETWEEN: i32 = 8_000;

/// What is left for the writer, at most, unless the log grows faster than it can be moved. The writer stands
/// still while it moves the rest.
const REST_PAGES: i64 = 500;
/// Passes of the thread, at most: each moves what came in the time of the one before it.
const PASSES_MAX: usize = 8;

thread_local! {
    /// Pages in the log after the newest commit of this thread.
    static PAGES: Cell<i32> = const { Cell::new(0) };
}

/// The writer's side.
pub(crate) struct Checkpoints {
    wake: SyncSender<()>,
    bulk_done: Arc<AtomicBool>,
    /// Where the log ended when it was moved. It begins again from the start then, unless somebody still
    /// reads it.
    moved_up_to: i32,
}

impl Checkpoints {
    /// Starts the thread. `writer` is the connection whose commits count.
    pub(crate) fn start(path: &Path, writer: &Connection) -> Result<Checkpoints> {
        writer.wal_hook(Some(|_, pages| {
            PAGES.set(pages);
            Ok(())
        }));
        let connection = open_checkpointer(path)?;
        let (wake, wakes) = sync_channel::<()>(1);
        let bulk_done = Arc::new(AtomicBool::new(false));
        let done = bulk_done.clone();
        let thread = std::thread::Builder::new().name("store-checkpoint".into());
        let run = move || {
            while wakes.recv().is_ok() {
                move_bulk(&connection);
                done.store(true, Ordering::Release);
            }
        };
        thread.spawn(run).map_err(|source| StoreError::File { what: "starting a thread".into(), source })?;
        Ok(Checkpoints { wake, bulk_done, moved_up_to: 0 })
    }

    /// Called by the writer between two batches.
    pub(crate) fn after_commit(&mut self, connection: &Connection) {
        let pages = PAGES.get();
        self.moved_up_to = self.moved_up_to.min(pages);
        if self.bulk_done.swap(false, Ordering::AcqRel) {
            passive(connection);
            self.moved_up_to = pages;
        } else if pages - self.moved_up_to >= PAGES_BETWEEN {
            let _already_awake = self.wake.try_send(());
        }
    }

    /// Called by the writer when it ends: leaves an empty log.
    pub(crate) fn finish(&self, connection: &Connection) {
        let emptied =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        let reason = match emptied {
            Ok(false) => return,
            Ok(true) => "somebody still reads".to_owned(),
            Err(error) => error.to_string(),
        };
        tracing::warn!(reason, "the log could not be moved into the database; the next start does it");
    }
}

/// Moves until little has come meanwhile.
fn move_bulk(connection: &Connection) {
    let mut moved = 0;
    for _ in 0..PASSES_MAX {
        let Some(up_to) = passive(connection) else { return };
        if up_to - moved <= REST_PAGES {
            return;
        }
        moved = up_to;
    }
}

/// Moves what is there; gives how many pages of the log have been moved since it began.
fn passive(connection: &Connection) -> Option<i64> {
    let started = std::time::Instant::now();
    let moved = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(2));
    match moved {
        Ok(pages) => {
            tracing::debug!(pages, took_ms = started.elapsed().as_millis() as u64, "checkpoint");
            Some(pages)
        }
        Err(error) => {
            tracing::warn!(%error, "a checkpoint failed; it is tried again");
            None
        }
    }
}
