//! Copying a store while it is in use: SQLite's online backup.

use std::fs::File;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};

use super::connection::{open_copy, open_reader};
use crate::error::{Result, StoreError};

/// Pages copied between two calls of `progress`.
const PAGES_PER_STEP: i32 = 1_024;

/// Copies the database at `from` to the new file `to`; calls `progress` with pages done and pages
/// in all.
///
/// The whole copy reads one state of the data. So no commit makes it begin again, however busy the
/// writer is, and it takes as long as reading and writing the pages once. Until it ends the log cannot
/// start again from its beginning: it grows by what is written meanwhile, and shrinks afterwards.
pub(crate) fn copy(from: &Path, to: &Path, mut progress: impl FnMut(i32, i32)) -> Result<()> {
    let source = open_reader(from)?;
    // A backup's steps read in the transaction that is open, and otherwise each in one of its own.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    let mut target = open_copy(to)?;
    {
        let backup = Backup::new(&source, &mut target)?;
        loop {
            match backup.step(PAGES_PER_STEP)? {
                StepResult::Done => break,
                StepResult::More => {}
                // Nobody else knows the target, and readers of the source do not wait for anybody.
                _ => return Err(StoreError::Engine("the copy is held by somebody else".into())),
            }
            let state = backup.progress();
            progress(state.pagecount - state.remaining, state.pagecount);
        }
    }
    drop(source);
    // A backup is one file: without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, error)| error)?;
    let sync = File::open(to).and_then(|file| file.sync_all());
    sync.map_err(|source| StoreError::File { what: "writing the copy to disk".into(), source })
}
