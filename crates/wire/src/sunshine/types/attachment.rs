//! Uploaded files (sunshine-v2.md §7).

use serde::{Deserialize, Serialize};

/// Query of UploadAttachment; the file is the form part `source`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentQuery {
    /// `public` or `private`; public when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// `message`: the file goes with its message.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The conversation that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Its address.
    pub media_url: String,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// Reply of UploadAttachment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentResponse {
    /// The file.
    pub attachment: Attachment,
}

/// Body of DeleteAttachment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentDeleteBody {
    /// The file's address.
    pub media_url: String,
}
