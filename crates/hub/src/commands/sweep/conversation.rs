//! Empties what hangs below a deleted conversation. Its own row and the empty rows of its messages stay
//! until no event tells of them any more; so an event that waits still names its message (decision 9).

use model::Millis;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{ConversationKey, ConversationState, MessageKey};
use store::rows::messages::Link;
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
        let key = ConversationKey(self.0.target);
        let done = remove_below(tx, ctx, key).await? && empty_slice(tx, key, ctx.now).await?;
        if done {
            sweeps::remove(tx, self.0.key).await?;
        }
        Ok(done)
    }
}

/// Removes up to a slice of what a conversation has besides messages; gives whether nothing is left.
pub(super) async fn remove_below(tx: &mut Tx, ctx: &Ctx, key: ConversationKey) -> Result<bool> {
    let limit = SWEEP_SLICE_ROWS_MAX;
    if attachments::mark_deleted_with_conversation(tx, key, ctx.now, limit).await? > 0 {
        return Ok(false);
    }
    if presses::remove(tx, key, Millis(i64::MAX), limit).await? > 0 {
        return Ok(false);
    }
    let members = participants::keys_of(tx, key, limit).await?;
    for member in &members {
        participants::remove(tx, *member).await?;
    }
    Ok(members.is_empty())
}

/// Empties up to a slice of a conversation's messages; gives whether all are empty.
async fn empty_slice(tx: &mut Tx, key: ConversationKey, now: Millis) -> Result<bool> {
    let Some(mut conversation) = conversations::by_key(tx, key).await? else { return Ok(true) };
    let state = &mut conversation.state;
    keep_chain(state);
    for _ in 0..SWEEP_SLICE_ROWS_MAX {
        let Some(link) = messages::link_by_key(tx, state.last_message).await? else {
            state.last_message = MessageKey(0);
            break;
        };
        if let Link::Message(message) = &link {
            attachments::mark_deleted_with_message(tx, message.key, now).await?;
            messages::empty(tx, message.key).await?;
        }
        state.last_message = link.previous();
    }
    let done = state.last_message == MessageKey(0);
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

/// Nothing looks for milestones of a deleted conversation: the field names its newest row from now on,
/// while the last message goes back to the first.
fn keep_chain(state: &mut ConversationState) {
    state.milestone = state.milestone.max(state.last_message);
    state.count = 0;
}

/// Removes the rows of a conversation's messages, newest first, and its own at last; `left` is how many
/// rows may go, and how many may still go afterwards.
pub(super) async fn remove_rows(tx: &mut Tx, key: ConversationKey, left: &mut usize) -> Result<()> {
    let Some(conversation) = conversations::by_key(tx, key).await? else { return Ok(()) };
    let mut state = conversation.state;
    keep_chain(&mut state);
    state.last_message = MessageKey(0);
    while *left > 0 {
        *left -= 1;
        let Some(link) = messages::link_by_key(tx, state.milestone).await? else {
            return Ok(conversations::remove(tx, key).await?);
        };
        messages::empty(tx, state.milestone).await?;
        messages::remove(tx, state.milestone).await?;
        state.milestone = link.previous();
    }
    Ok(conversations::save_state(tx, key, &state).await?)
}
