//! Who answers first: default assignment (sunshine-v2.md §8.3).

use model::record::{AppKey, ConversationState};
use model::switchboard::{Seat, assign};
use store::Tx;

use super::board::board_of;
use crate::error::Result;

/// Gives an unattended conversation to its default; nobody is told by an event of its own. The
/// `responder` of the channel, if there is one, goes before the switchboard's default.
pub(crate) async fn assign_default(
    tx: &mut Tx,
    app: AppKey,
    state: &mut ConversationState,
    responder: Option<Seat>,
) -> Result<()> {
    if let Some(board) = board_of(tx, app).await?
        && let Some(control) = assign(&board, state.control, responder)
    {
        state.control = control;
    }
    Ok(())
}
