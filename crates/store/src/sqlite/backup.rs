//! Copying a store while it is in use: SQLite's online backup.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connection::open_reader;
use crate::error::Result;

/// Pages copied at once, between which others may work.
const PAGES_PER_STEP: i32 = 1_024;

/// Copies the database at `from` to the new file `to`; calls `progress` with pages done and pages
/// in all. Writers are not held up: one that commits meanwhile makes the copy begin again, so the
/// last tries copy in one step.
pub(crate) fn copy(from: &Path, to: &Path, mut progress: impl FnMut(i32, i32)) -> Result<()> {
    let source = open_reader(from)?;
    let mut target = Connection::open(to)?;
    {
        let backup = Backup::new(&source, &mut target)?;
        let mut steps_left = 10_000;
        loop {
            // A read transaction on the source would block checkpoints; small steps do not.
            let pages = if steps_left > 0 { PAGES_PER_STEP } else { -1 };
            match backup.step(pages)? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
            steps_left -= 1;
            let state = backup.progress();
            progress(state.pagecount - state.remaining, state.pagecount);
        }
    }
    // A backup is one file: without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}
