//! Attachments.

pub(crate) mod delete_attachment;
mod form;
pub(crate) mod upload_attachment;
