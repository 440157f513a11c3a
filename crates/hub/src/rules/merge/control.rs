//! Who answers in the conversation that two become. What was handed to somebody stays theirs, whichever of
//! the two conversations it was handed to them in: an agent who is talking to the customer does not lose them
//! to a bot.

use model::record::{AppKey, ConversationState, IntegrationKey, Role};
use model::switchboard::{Board, Control, Seat};
use store::Read;
use store::rows::{endpoints, integrations};

use crate::error::Result;
use crate::rules::board::load_board;

/// The control that the surviving conversation takes over from the other one; `None` when it keeps its own,
/// as it does where both were handed to somebody.
pub(super) async fn taken_over(
    read: &mut Read,
    app: AppKey,
    kept: &ConversationState,
    gone: &ConversationState,
) -> Result<Option<Control>> {
    let Some((_, board)) = load_board(read, app).await? else { return Ok(None) };
    let (own, other) = (board.seated(kept.control), board.seated(gone.control));
    let Some(holder) = other.active().filter(|holder| board.enabled && own.active() != Some(*holder)) else {
        return Ok(None);
    };
    // What was closed since is over, whoever had it.
    if kept.is_open() && gone.closed_at.is_some() {
        return Ok(None);
    }
    if !is_handed(read, app, &board, holder).await? {
        return Ok(None);
    }
    if let Some(own) = own.active()
        && is_handed(read, app, &board, own).await?
    {
        return Ok(None);
    }
    Ok(Some(other))
}

/// Whether somebody on this seat has a conversation because it was handed to them: an agent of an endpoint,
/// or whoever is neither a bot there nor among those to whom conversations come by themselves.
async fn is_handed(read: &mut Read, app: AppKey, board: &Board, seat: Seat) -> Result<bool> {
    let integration = board.member(seat).and_then(|member| member.integration);
    if let Some(integration) = integration
        && let Some(endpoint) = endpoints::of_integration(read, IntegrationKey(integration)).await?
    {
        return Ok(endpoint.role == Role::Agent);
    }
    Ok(board.default != Some(seat) && !integrations::is_responder(read, app, seat).await?)
}
