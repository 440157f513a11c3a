//! Files that no row names: what is left when the program ends between a file and its row, or in the
//! middle of an upload (decision 14).

use model::limits::{ORPHAN_LIFE_MS, ORPHAN_LOOK_EVERY_MS};
use store::files::OldFile;
use store::rows::attachments;

use crate::error::Result;
use crate::hub::Hub;

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
            for file in self.files().old_files(&folder, before).await? {
                if self.is_orphan(&file).await? {
                    self.files().remove_old(&file).await?;
                    removed += 1;
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
