//! Files that no row names: what is left when the program ends between a file and its row, or in the
//! middle of an upload (decision 14).

use model::limits::{ORPHAN_LIFE_MS, ORPHAN_LOOK_EVERY_MS};
use store::StoreError;
use store::files::OldFile;
use store::rows::attachments;

use super::steps::left_out;
use crate::error::Result;
use crate::hub::Hub;

/// A file or folder that cannot be removed or read is told and left out; a bucket that does not answer ends
/// the step.
fn unless_refused<T>(name: &str, ended: Result<T, StoreError>) -> Result<Option<T>> {
    match ended {
        Err(error @ (StoreError::File { .. } | StoreError::Engine(_))) => {
            left_out("files without a row", 1, name, &error.to_string());
            Ok(None)
        }
        other => Ok(Some(other?)),
    }
}

impl Hub {
    /// Looks through all files, folder by folder, unless that was done not long ago.
    pub(super) async fn remove_orphans(&self) -> Result<()> {
        let now = self.now();
        if !self.orphans_are_due(now, ORPHAN_LOOK_EVERY_MS) {
            return Ok(());
        }
        let before = now.plus(-ORPHAN_LIFE_MS);
        let mut removed = 0usize;
        for folder in self.files().folders().await? {
            let old = unless_refused(&folder, self.files().old_files(&folder, before).await)?;
            for file in old.unwrap_or_default() {
                if self.is_orphan(&file).await? {
                    let gone = unless_refused(&file.token, self.files().remove_old(&file).await)?;
                    removed += usize::from(gone.is_some());
                }
            }
        }
        if removed > 0 {
            tracing::info!(removed, "files that belonged to nothing were removed");
        }
        Ok(())
    }

    async fn is_orphan(&self, file: &OldFile) -> Result<bool> {
        if file.is_part {
            return Ok(true);
        }
        let mut reader = self.reader().await?;
        Ok(!attachments::token_exists(&mut reader, &file.token).await?)
    }
}
