//! Attachments: uploading, reading and removing files.

mod remove;
mod upload;

pub use upload::{Upload, UploadDraft};

#[cfg(test)]
mod tests;

pub use crate::queries::attachments::Download;
