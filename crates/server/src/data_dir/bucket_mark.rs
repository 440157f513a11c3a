//! The bucket that keeps the attachments of a data directory, and the name by which the bucket knows the
//! directory.

use std::io::ErrorKind;

use super::{DataDir, write_durably};
use crate::exit::{Failure, Result};

/// The file of the mark in a data directory. No backup has it: what is restored is another directory.
pub(super) const MARK_FILE: &str = "attachments.bucket";

/// Which bucket, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BucketMark {
    /// What the bucket calls this directory.
    pub(crate) owner: String,
    /// `s3://bucket/prefix`.
    pub(crate) url: String,
}

impl DataDir {
    /// The mark; `None` where attachments are on disk.
    pub(crate) fn bucket_mark(&self) -> Result<Option<BucketMark>> {
        let path = self.path().join(MARK_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::refused(format!("reading {}: {error}", path.display()))),
        };
        let mut lines = text.lines();
        match (lines.next(), lines.next()) {
            (Some(owner), Some(url)) => Ok(Some(BucketMark { owner: owner.to_owned(), url: url.to_owned() })),
            _ => Err(Failure::refused(format!("{} is damaged: two lines are needed", path.display()))),
        }
    }

    /// Writes the mark down.
    pub(crate) fn write_bucket_mark(&self, mark: &BucketMark) -> Result<()> {
        let text = format!("{}\n{}\n", mark.owner, mark.url);
        write_durably(&self.path().join(MARK_FILE), text.as_bytes(), 0o600)
    }

    /// Attachments are on disk again.
    pub(crate) fn remove_bucket_mark(&self) -> std::io::Result<()> {
        match std::fs::remove_file(self.path().join(MARK_FILE)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
