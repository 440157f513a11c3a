//! Deletes every message of a conversation.

use model::record::{AppKey, Conversation};
use model::{Id, Millis};
use serde_json::json;
use store::rows::sweeps::{self, SweepKind};
use store::rows::{conversations, participants};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

struct DeleteAllMessages {
    app: AppKey,
    conversation: Id,
}

impl Command for DeleteAllMessages {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        delete_all(tx, found.or_not_found(Thing::Conversation)?, ctx.now).await
    }
}

/// Messages up to the present one are gone at once; the sweeper empties their rows, and removes what was
/// pressed.
pub(crate) async fn delete_all(tx: &mut Tx, mut conversation: Conversation, now: Millis) -> Result<()> {
    let state = &mut conversation.state;
    let moment = state.next_moment(now);
    let detail = json!({ "at": state.last_message, "floor": state.floor, "moment": moment });
    state.floor = state.total;
    state.count = 0;
    participants::nothing_unread(tx, conversation.key, state).await?;
    conversations::save_state(tx, conversation.key, state).await?;
    sweeps::insert(tx, SweepKind::Messages, conversation.key.0, conversation.app, Some(&detail), now).await?;
    Ok(())
}

impl Hub {
    /// Deletes every message of a conversation with the attachments that go with them; the
    /// conversation stays. No event tells it.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn delete_all_messages(&self, grant: &Grant, conversation: Id) -> Result<()> {
        self.run(DeleteAllMessages { app: grant.app.key, conversation }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
