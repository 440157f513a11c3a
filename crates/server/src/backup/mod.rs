//! One archive with everything of a data directory: made while the server works, and put back into
//! an empty directory (decision 54).
//!
//! It is a tar file. First stands [`Manifest`], last a list of checksums, so that a restore knows
//! early what it gets and in the end that it got all of it.

mod archive;
mod restore;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

pub(crate) use archive::{Part, Source, start};
pub(crate) use restore::Target;

/// The form of archive that this program writes and reads.
const FORMAT: u32 = 1;

const MANIFEST_ENTRY: &str = "crosspoint-backup.json";
const CHECKSUMS_ENTRY: &str = "checksums.sha256";

/// What an archive is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// The version of the store in it.
    pub store_version: i64,
    /// When it was begun.
    pub created_at: String,
    /// Whether the sealing key is in it.
    pub sealing_key: bool,
    /// The bucket in which the attachments were left, `s3://bucket/prefix`; without it they are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments_left_in: Option<String>,
}

/// What shall be in an archive besides the database.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Contents {
    /// The sealing key.
    pub with_key: bool,
    /// The attachments; only those of a bucket can be left out.
    pub with_attachments: bool,
}

/// A SHA-256 sum in hexadecimal digits.
fn hex(sum: &[u8]) -> String {
    HEXLOWER.encode(sum)
}

#[cfg(test)]
mod tests;
