//! Who answers first: default assignment (sunshine-v2.md §8.3).

use model::record::{AppKey, ConversationState};
use model::switchboard::{Seat, assign};
use store::Read;

use super::board::load_board;
use crate::error::Result;

/// Gives an unattended conversation to its default; nobody is told by an event of its own. The
/// `responder` of the channel, if there is one, goes before the switchboard's default.
pub(crate) async fn assign_default(
    read: &mut Read,
    app: AppKey,
    state: &mut ConversationState,
    responder: Option<Seat>,
) -> Result<()> {
    if let Some((_, board)) = load_board(read, app).await?
        && let Some(control) = assign(&board, state.control, responder)
    {
        state.control = control;
    }
    Ok(())
}
