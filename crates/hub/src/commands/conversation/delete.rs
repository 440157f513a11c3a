//! Deletes a conversation.

use model::Id;
use model::event::{EventDetail, EventType, RemovedConversation};
use model::record::{AppKey, Conversation};
use store::rows::conversations;
use store::rows::sweeps::{self, SweepKind};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};

struct DeleteConversation {
    app: AppKey,
    conversation: Id,
}

impl Command for DeleteConversation {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        if conversation.is_default {
            return Err(HubError::invalid(
                "the default conversation of a user cannot be deleted; its messages can",
            ));
        }
        mark_deleted(tx, ctx, conversation).await
    }
}

/// Marks a conversation as deleted, tells it and leaves its rows to the sweeper.
pub(crate) async fn mark_deleted(tx: &mut Tx, ctx: &Ctx, mut conversation: Conversation) -> Result<()> {
    let removed = RemovedConversation {
        id: conversation.id,
        group: conversation.group,
        metadata: conversation.metadata.take(),
    };
    let draft = EventDraft {
        user: conversation.owner.unwrap_or_default(),
        detail: Some(EventDetail { conversation: Some(removed), ..EventDetail::default() }),
        ..EventDraft::default()
    };
    emit::and_save(tx, ctx, EventType::ConversationRemove, &mut conversation, draft).await?;
    let (app, key) = (conversation.app, conversation.key);
    conversations::mark_deleted(tx, key, ctx.now).await?;
    sweeps::insert(tx, SweepKind::Conversation, key.0, app, None, ctx.now).await?;
    Ok(())
}

impl Hub {
    /// Deletes a conversation with its messages and the attachments that go with them.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation, `Invalid` for a user's default one.
    pub async fn delete_conversation(&self, grant: &Grant, conversation: Id) -> Result<()> {
        self.run(DeleteConversation { app: grant.app.key, conversation }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
