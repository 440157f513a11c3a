//! Takes a file in: first the bytes, durable, then the row, then the answer.

use bytes::Bytes;
use model::Id;
use model::file_name::percent_encoded;
use model::record::{Access, AppKey, Attachment, AttachmentKey};
use store::files::FileWrite;
use store::rows::{attachments, conversations};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::once::ResultName;
use crate::secret::attachment_token;

/// A file that a caller wants to upload.
#[derive(Clone, Debug)]
pub struct UploadDraft {
    /// Who may read it.
    pub access: Access,
    /// Whether it goes when its message goes.
    pub for_message: bool,
    /// The conversation that it belongs to.
    pub conversation: Option<Id>,
}

/// A file that is being uploaded. Give its bytes with [`Upload::add`], then [`Hub::finish_upload`].
pub struct Upload {
    draft: UploadDraft,
    token: String,
    file: FileWrite,
    size: i64,
}

impl Upload {
    /// Adds bytes.
    pub async fn add(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len() as i64;
        Ok(self.file.add(bytes).await?)
    }

    /// Gives the upload up; nothing of it stays.
    pub async fn abort(self) -> Result<()> {
        Ok(self.file.abort().await?)
    }
}

struct AddAttachment {
    app: AppKey,
    draft: UploadDraft,
    token: String,
    name: String,
    media_type: String,
    size: i64,
}

impl ResultName for Attachment {
    fn result_name(&self) -> Option<String> {
        Some(self.token.clone())
    }
}

impl Command for AddAttachment {
    type Out = Attachment;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Attachment> {
        let conversation = match self.draft.conversation {
            None => None,
            Some(id) => {
                Some(conversations::by_id(tx, self.app, id).await?.or_not_found(Thing::Conversation)?.key)
            }
        };
        let mut attachment = Attachment {
            key: AttachmentKey::default(),
            id: ctx.id(),
            app: self.app,
            conversation,
            for_message: self.draft.for_message,
            token: self.token.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: self.size,
            access: self.draft.access,
            created_at: ctx.now,
        };
        attachment.key = attachments::insert(tx, &attachment).await?;
        Ok(attachment)
    }
}

impl Hub {
    /// Begins an upload.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn begin_upload(&self, grant: &Grant, draft: UploadDraft) -> Result<Upload> {
        if let Some(id) = draft.conversation {
            let mut reader = self.reader().await?;
            conversations::by_id(&mut reader, grant.app.key, id).await?.or_not_found(Thing::Conversation)?;
        }
        let token = attachment_token();
        let file = self.files().write(&token);
        Ok(Upload { draft, token, file, size: 0 })
    }

    /// Ends an upload; the attachment is durable when this returns.
    ///
    /// # Errors
    /// `Invalid` for an empty file.
    pub async fn finish_upload(
        &self,
        grant: &Grant,
        upload: Upload,
        name: String,
        media_type: String,
    ) -> Result<Attachment> {
        let Upload { draft, token, file, size } = upload;
        if size == 0 {
            file.abort().await?;
            return Err(HubError::invalid("source: the file is empty"));
        }
        file.finish().await?;
        let command = AddAttachment { app: grant.app.key, draft, token, name, media_type, size };
        let token = command.token.clone();
        let added = self.run_once(grant, command).await;
        if added.is_err() {
            // An orphan is swept later all the same; this only saves the wait.
            let _orphan_is_swept_later = self.files().remove(&token).await;
        }
        added
    }

    /// The public address of an attachment.
    pub fn attachment_url(&self, token: &str, name: &str) -> String {
        format!("{}/attachments/{token}/{}", self.settings().public_url, percent_encoded(name))
    }
}
