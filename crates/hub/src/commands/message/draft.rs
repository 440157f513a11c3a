//! A message that a caller wants to add, and what is made ready before the command.

use model::content::{Content, ContentKind, MediaRef, Metadata};
use model::masking::mask_content;
use model::record::{App, Destination, MessageExtra, ShownAuthor};
use serde_json::Value;
use store::rows::attachments;

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::selector::UserSelector;

/// A message that a caller wants to add. The dialect has checked lengths and shapes.
#[derive(Clone, Debug)]
pub struct MessageDraft {
    /// Who writes.
    pub author: AuthorDraft,
    /// What is said.
    pub content: Content,
    /// The caller's own data.
    pub metadata: Option<Metadata>,
    /// Where it shall go, if not to the primary client.
    pub destination: Option<Destination>,
    /// Raw payloads for single channels.
    pub overrides: Option<Value>,
    /// The native schema of the content.
    pub schema: Option<String>,
}

/// Who writes a message.
#[derive(Clone, Debug)]
pub enum AuthorDraft {
    /// The business.
    Business(ShownAuthor),
    /// A user, who takes part in the conversation.
    User {
        /// The user.
        user: UserSelector,
        /// What is shown in place of the profile.
        shown: ShownAuthor,
    },
}

/// A message whose content is ready to be stored.
#[derive(Clone, Debug)]
pub(crate) struct ReadyContent {
    pub kind: ContentKind,
    pub content: String,
    pub metadata: Option<String>,
    pub extra: MessageExtra,
    pub attachments: Vec<String>,
}

impl Hub {
    /// Applies the app's rules to the content, finds our own attachments in it and writes it as
    /// text: all that does not need the transaction.
    pub(crate) async fn make_ready(
        &self,
        app: &App,
        draft: MessageDraft,
    ) -> Result<(AuthorDraft, ReadyContent)> {
        let MessageDraft { author, mut content, metadata, destination, overrides, schema } = draft;
        if app.settings.mask_credit_card_numbers {
            mask_content(&mut content);
        }
        let mut attachments = self.resolve_media(app, &mut content).await?;
        let (AuthorDraft::Business(shown) | AuthorDraft::User { shown, .. }) = &author;
        attachments.extend(self.pictures_of(app.key, shown, &content).await?);
        let text = serde_json::to_string(&content).map_err(|e| HubError::invalid(e.to_string()))?;
        let metadata = metadata.filter(|metadata| !metadata.is_empty());
        let ready = ReadyContent {
            kind: content.kind(),
            content: text,
            metadata: metadata.map(|metadata| Value::Object(metadata).to_string()),
            extra: MessageExtra { destination, overrides, schema, ..MessageExtra::default() },
            attachments,
        };
        Ok((author, ready))
    }

    /// Turns addresses of our own attachments into references; gives their tokens.
    pub(crate) async fn resolve_media(&self, app: &App, content: &mut Content) -> Result<Vec<String>> {
        let is_ours = |media: &MediaRef| matches!(media, MediaRef::Url(url) if self.token_of(url).is_some());
        if !content.media().into_iter().any(is_ours) {
            return Ok(Vec::new());
        }
        let mut tokens = Vec::new();
        let mut reader = self.reader().await?;
        for mut slot in content.media_mut() {
            let MediaRef::Url(url) = &slot.media else { continue };
            let Some(token) = self.token_of(url) else { continue };
            let found = attachments::by_token(&mut reader, token).await?;
            let Some(found) = found.filter(|found| found.app == app.key) else {
                return Err(HubError::invalid(format!(
                    "mediaUrl: the attachment does not exist any more: {url}"
                )));
            };
            tokens.push(found.token.clone());
            *slot.media = MediaRef::Attachment { id: found.id, token: found.token, name: found.name };
            slot.describe(&found.media_type, u64::try_from(found.size).unwrap_or(0));
        }
        Ok(tokens)
    }
}
