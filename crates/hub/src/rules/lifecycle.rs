//! A conversation is new, open or closed (decision 23).

use model::Millis;
use model::record::ConversationState;

/// The first message of the customer opens it, one after closing opens it again.
pub(crate) fn customer_wrote(state: &mut ConversationState, at: Millis) {
    if state.opened_at.is_none() || state.closed_at.is_some() {
        state.opened_at = Some(at);
        state.closed_at = None;
    }
}
