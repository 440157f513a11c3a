//! The bench's floor: everything that adding a message takes, but the store.

use model::Id;
use model::record::{Author, ConversationKey, Message, MessageKey};

use super::draft::{AuthorDraft, MessageDraft};
use crate::access::Grant;
use crate::error::Result;
use crate::hub::Hub;
use crate::queries::messages::MessageView;

impl Hub {
    /// Answers as [`Hub::post_message`] would, without keeping anything. Only the bench uses it, to
    /// measure what the store costs.
    #[doc(hidden)]
    pub async fn post_message_without_store(
        &self,
        grant: &Grant,
        conversation: Id,
        draft: MessageDraft,
    ) -> Result<MessageView> {
        let (author, ready) = self.make_ready(&grant.app, draft).await?;
        let shown = match author {
            AuthorDraft::Business(shown) | AuthorDraft::User { shown, .. } => shown,
        };
        let message = Message {
            key: MessageKey(1),
            id: conversation,
            conversation: ConversationKey(1),
            previous: MessageKey(0),
            milestone: MessageKey(0),
            ordinal: 1,
            received: self.now(),
            author: Author { user: None, shown },
            kind: ready.kind,
            content: ready.content,
            metadata: ready.metadata,
            extra: ready.extra,
            original: None,
            deleted: false,
            seat: None,
        };
        Ok(MessageView { message, author_id: None, quoted: None })
    }
}
