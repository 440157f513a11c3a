//! A conversation is new, open or closed (decision 23).

use model::Millis;
use model::event::{EventDetail, EventType};
use model::record::{Conversation, ConversationState};
use model::switchboard::{Control, Seat};
use store::{Ctx, Tx};

use super::emit::{self, EventDraft};
use crate::error::Result;

/// The first message of the customer opens it, one after closing opens it again; gives whether it did.
pub(crate) fn customer_wrote(state: &mut ConversationState, at: Millis) -> bool {
    let opens = state.opened_at.is_none() || state.closed_at.is_some();
    if opens {
        state.opened_at = Some(at);
        state.closed_at = None;
    }
    opens
}

/// Closes a conversation and releases control of it; a closed one stays as it is. The caller saves the
/// state.
pub(crate) async fn close(tx: &mut Tx, ctx: &Ctx, conversation: &mut Conversation) -> Result<()> {
    let state = &mut conversation.state;
    if state.closed_at.is_some() {
        return Ok(());
    }
    state.closed_at = Some(ctx.now);
    let previous = std::mem::replace(&mut state.control, Control::NONE);
    if previous == Control::NONE {
        return Ok(());
    }
    let detail = EventDetail {
        previous_active: Some(Seat::to_stored(previous.active())),
        previous_pending: Some(Seat::to_stored(previous.pending())),
        ..EventDetail::default()
    };
    let draft = EventDraft { detail: Some(detail), ..EventDraft::default() };
    emit::in_conversation(tx, ctx, EventType::ReleaseControl, conversation, draft).await
}
