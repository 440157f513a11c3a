//! Files of attachments that were deleted.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::AttachmentKey;
use store::rows::attachments;
use store::{Command, Ctx, Tx};

use super::steps::left_out;
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Rows of files that are gone. Gives how many of them are done.
struct ForgetAttachments(Vec<AttachmentKey>);

impl Command for ForgetAttachments {
    type Out = usize;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<usize> {
        let mut left = SWEEP_SLICE_ROWS_MAX;
        for (place, key) in self.0.iter().enumerate() {
            left = left.saturating_sub(attachments::remove(tx, *key, left).await?);
            if left == 0 {
                // Notes of messages may be left of the last one.
                return Ok(place);
            }
        }
        Ok(self.0.len())
    }
}

impl Hub {
    /// Files go first, then their rows: a crash in between leaves a row, which is tried again. So does a file
    /// that cannot be removed; the others go all the same.
    pub(super) async fn remove_files(&self) -> Result<()> {
        let mut after = AttachmentKey(0);
        loop {
            let deleted =
                attachments::deleted(&mut *self.reader().await?, after, SWEEP_SLICE_ROWS_MAX).await?;
            let Some((last, _)) = deleted.last() else { return Ok(()) };
            after = *last;
            let (mut keys, tokens): (Vec<_>, Vec<_>) = deleted.into_iter().unzip();
            let mut left = self.files().remove_all(&tokens).await?;
            if let Some((place, why)) = left.first() {
                left_out("files", left.len(), &tokens[*place], why);
            }
            left.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
            for (place, _) in &left {
                keys.remove(*place);
            }
            if keys.is_empty() {
                // Whoever refuses all of these refuses the others.
                return Ok(());
            }
            while !keys.is_empty() {
                let done = self.run(ForgetAttachments(keys.clone())).await?;
                keys.drain(..done);
            }
        }
    }
}
