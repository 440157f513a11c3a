//! Closes a conversation, and opens it again (decision 23).

use model::Id;
use model::record::{AppKey, Conversation};
use store::rows::conversations;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::lifecycle;
use crate::rules::seats::{self, ConversationView};

struct SetOpen {
    app: AppKey,
    conversation: Id,
    open: bool,
}

impl Command for SetOpen {
    type Out = Conversation;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Conversation> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        if self.open {
            conversation.state.opened_at = Some(ctx.now);
            conversation.state.closed_at = None;
        } else {
            lifecycle::close(tx, ctx, &mut conversation).await?;
        }
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok(conversation)
    }
}

impl Hub {
    /// Closes a conversation: control is released, and the next message of the customer opens it
    /// again. Closing a closed one changes nothing.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn close_conversation(&self, grant: &Grant, conversation: Id) -> Result<ConversationView> {
        self.set_open(grant, conversation, false).await
    }

    /// Opens a closed conversation again.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn reopen_conversation(&self, grant: &Grant, conversation: Id) -> Result<ConversationView> {
        self.set_open(grant, conversation, true).await
    }

    async fn set_open(&self, grant: &Grant, conversation: Id, open: bool) -> Result<ConversationView> {
        let command = SetOpen { app: grant.app.key, conversation, open };
        let conversation = self.run_once(grant, command).await?;
        let mut reader = self.reader().await?;
        seats::view(&mut reader, conversation).await
    }
}
