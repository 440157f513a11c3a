//! Deletes one message.

use model::Id;
use model::record::AppKey;
use store::rows::{attachments, conversations, messages, participants};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

struct DeleteMessage {
    app: AppKey,
    conversation: Id,
    message: Id,
}

impl Command for DeleteMessage {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        let found = messages::by_id(tx, conversation.key, self.message).await?;
        let message = found.filter(|message| message.ordinal > conversation.state.floor);
        let message = message.or_not_found(Thing::Message)?;
        attachments::mark_deleted_with_message(tx, message.key, ctx.now).await?;
        participants::uncount(tx, conversation.key, message.ordinal, message.author.user).await?;
        messages::empty(tx, message.key).await?;
        conversation.state.count -= 1;
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok(())
    }
}

impl Hub {
    /// Deletes a message with the attachments that go with it. No event tells it.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or message.
    pub async fn delete_message(&self, grant: &Grant, conversation: Id, message: Id) -> Result<()> {
        self.run(DeleteMessage { app: grant.app.key, conversation, message }).await
    }
}
