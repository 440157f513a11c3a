//! The seats of a conversation as they are shown.

use model::record::Conversation;
use model::switchboard::{Board, Control, Member, Seat};
use store::Read;

use super::board::load_board;
use crate::error::Result;

/// A conversation with the members that sit in its seats.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationView {
    /// The conversation.
    pub conversation: Conversation,
    /// Who is in control.
    pub active: Option<Member>,
    /// Who was offered control.
    pub pending: Option<Member>,
}

impl ConversationView {
    /// A conversation, seen with its app's board. Seats of removed or disabled members are empty.
    pub(crate) fn new(conversation: Conversation, board: Option<&Board>) -> ConversationView {
        let (active, pending) = shown(board, conversation.state.control);
        ConversationView { conversation, active, pending }
    }
}

/// The members in the seats of `control`; empty when the board is off or they are gone.
pub(crate) fn shown(board: Option<&Board>, control: Control) -> (Option<Member>, Option<Member>) {
    let Some(board) = board.filter(|board| board.enabled) else { return (None, None) };
    let member = |seat: Option<Seat>| seat.and_then(|seat| board.member(seat)).cloned();
    (member(control.active()), member(control.pending()))
}

/// A conversation with its seats.
pub(crate) async fn view(read: &mut Read, conversation: Conversation) -> Result<ConversationView> {
    let board = load_board(read, conversation.app).await?;
    Ok(ConversationView::new(conversation, board.as_ref().map(|(_, board)| board)))
}
