//! Removes what hangs below a deleted conversation. Its own row stays, without content, until its
//! last events are settled.

use model::Millis;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{ConversationKey, MessageKey};
use store::rows::sweeps::{self, Sweep};
use store::rows::{attachments, conversations, messages, participants, presses};
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};

/// One slice. Gives whether the sweep is done.
pub(super) struct RemoveConversation(pub Sweep);

impl Command for RemoveConversation {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let done = remove_slice(tx, ctx, ConversationKey(self.0.target)).await?;
        if done {
            sweeps::remove(tx, self.0.key).await?;
        }
        Ok(done)
    }
}

/// Removes up to a slice of a conversation's rows; gives whether nothing is left.
pub(super) async fn remove_slice(tx: &mut Tx, ctx: &Ctx, key: ConversationKey) -> Result<bool> {
    let Some(mut conversation) = conversations::by_key(tx, key).await? else { return Ok(true) };
    let limit = SWEEP_SLICE_ROWS_MAX;
    if attachments::mark_deleted_with_conversation(tx, key, ctx.now, limit).await? > 0 {
        return Ok(false);
    }
    if presses::remove(tx, key, Millis(i64::MAX), limit).await? > 0 {
        return Ok(false);
    }
    let members = participants::keys_of(tx, key, limit).await?;
    if !members.is_empty() {
        for member in members {
            participants::remove(tx, member).await?;
        }
        return Ok(false);
    }
    let state = &mut conversation.state;
    for _ in 0..limit {
        let Some(link) = messages::link_by_key(tx, state.last_message).await? else {
            state.last_message = MessageKey(0);
            break;
        };
        messages::empty(tx, state.last_message).await?;
        messages::remove(tx, state.last_message).await?;
        state.last_message = link.previous();
    }
    let done = state.last_message == MessageKey(0);
    state.count = 0;
    state.milestone = MessageKey(0);
    conversations::save_state(tx, key, state).await?;
    if done {
        conversation.name = None;
        conversation.description = None;
        conversation.icon_url = None;
        conversation.metadata = None;
        conversations::update(tx, &conversation).await?;
    }
    Ok(done)
}
