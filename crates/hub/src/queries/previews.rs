//! What channels would make of a message, without sending it (decision 48).

use std::sync::Arc;

use model::content::{Content, MediaRef};
use model::masking::mask_content;
use serde_json::Value;

use crate::access::Grant;
use crate::commands::message::{AuthorDraft, MessageDraft};
use crate::error::Result;
use crate::hub::Hub;
use crate::rules::words::{disclaim, is_by_machine, words_for};

/// What a channel would make of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelPreview {
    /// The integration type.
    pub channel: String,
    /// The sender that it is about, where the channel has several: `whatsapp` behind Twilio.
    pub sender: Option<String>,
    /// The bodies of the requests, in order.
    pub requests: Vec<Value>,
    /// What could not be shown as it was meant: the part, and what becomes of it.
    pub losses: Vec<(String, String)>,
    /// Why the channel would not send it at all.
    pub refused: Option<String>,
}

/// Renders messages for every channel without sending them. Delivery has one.
pub trait Previewer: Send + Sync + 'static {
    /// What each channel would make of a content; `overrides` are raw payloads by channel.
    fn preview(&self, content: &Content, overrides: Option<&Value>) -> Vec<ChannelPreview>;
}

impl Hub {
    /// What each channel would make of a message; nothing is stored or sent.
    ///
    /// # Errors
    /// `Invalid` for an attachment of ours that is gone.
    pub async fn preview_message(&self, grant: &Grant, draft: MessageDraft) -> Result<Vec<ChannelPreview>> {
        let MessageDraft { mut content, overrides, author, .. } = draft;
        if grant.app.settings.mask_credit_card_numbers {
            mask_content(&mut content);
        }
        // Types and sizes of our own attachments decide what a channel makes of them.
        self.resolve_media(&grant.app, &mut content).await?;
        for slot in content.media_mut() {
            if let MediaRef::Attachment { token, name, .. } = &slot.media {
                let url = self.attachment_url(token, name);
                *slot.media = MediaRef::Url(url);
            }
        }
        // An integration may be set not to add it, and a customer may read it in another language.
        if let AuthorDraft::Business(shown) = &author
            && is_by_machine(shown)
        {
            disclaim(&mut content, words_for(&grant.app.settings, None));
        }
        let previewer: Option<&Arc<dyn Previewer>> = self.previewer();
        Ok(previewer.map_or_else(Vec::new, |previewer| previewer.preview(&content, overrides.as_ref())))
    }
}
