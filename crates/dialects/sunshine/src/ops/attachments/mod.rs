//! Attachments.

pub(crate) mod delete_attachment;
pub(crate) mod upload_attachment;
