//! Files of messages: each has its attachment and address at once, its bytes come later.

use model::channel::InboundMedia;
use model::content::{Content, MediaRef};
use model::record::{Access, Attachment, AttachmentKey, MessageKey};
use store::rows::attachments;
use store::rows::downloads::Download;
use store::{Ctx, Tx};

use super::ready::{ReadyMedium, ReadyPart};
use super::receive::Arrival;
use crate::error::{HubError, Result};

/// The type of a file when the provider does not say it.
const TYPE_DEFAULT: &str = "application/octet-stream";

impl Arrival<'_> {
    /// Makes an attachment for each medium of a part. Gives the content with their addresses, as JSON text,
    /// and their keys in the order of the media.
    pub(super) async fn announce_files(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        part: &ReadyPart,
    ) -> Result<(String, Vec<AttachmentKey>)> {
        let mut content = part.content.clone();
        let mut files = Vec::with_capacity(part.media.len());
        for medium in &part.media {
            files.push(self.announce_file(tx, ctx, &mut content, medium).await?);
        }
        let text = serde_json::to_string(&content).map_err(|error| HubError::invalid(error.to_string()))?;
        Ok((text, files))
    }

    async fn announce_file(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        content: &mut Content,
        medium: &ReadyMedium,
    ) -> Result<AttachmentKey> {
        let InboundMedia { media_type, size, .. } = &medium.medium;
        let media_type = media_type.as_deref().unwrap_or(TYPE_DEFAULT);
        let size = size.unwrap_or(0);
        let attachment = Attachment {
            key: AttachmentKey::default(),
            id: ctx.id(),
            app: self.app.key,
            conversation: None,
            for_message: true,
            token: medium.token.clone(),
            name: medium.name.clone(),
            media_type: media_type.to_owned(),
            size: i64::try_from(size).unwrap_or(0),
            access: Access::Public,
            created_at: ctx.now,
        };
        for mut slot in content.media_mut() {
            if matches!(&slot.media, MediaRef::Url(place) if *place == medium.place) {
                let (token, name) = (medium.token.clone(), medium.name.clone());
                *slot.media = MediaRef::Attachment { id: attachment.id, token, name };
                slot.describe(media_type, size);
            }
        }
        Ok(attachments::insert(tx, &attachment).await?)
    }

    /// The order to fetch the bytes of a medium.
    pub(super) fn download(
        &self,
        ctx: &Ctx,
        message: MessageKey,
        attachment: AttachmentKey,
        medium: &ReadyMedium,
    ) -> Download {
        Download {
            key: 0,
            integration: self.integration.key,
            message,
            attachment,
            token: medium.token.clone(),
            medium: medium.medium.clone(),
            attempts: 0,
            next_at: ctx.now,
            created_at: ctx.now,
        }
    }
}
