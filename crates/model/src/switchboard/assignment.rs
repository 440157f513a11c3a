//! Who gets a conversation that nobody controls, and what becomes of a board when a member leaves
//! (sunshine-v2.md §8.1, §8.3; decisions 11, 25, 32).

use super::{Board, Control, Seat};

/// Default assignment, to be asked at a conversation's creation and at customer activity: the
/// responder of the channel, else the board's default, else nobody. `None` leaves everything as it
/// is: the board is off, somebody is active, or nobody is to be had. No event tells an assignment.
/// An offer to another seat stays open.
pub fn assign(board: &Board, control: Control, responder: Option<Seat>) -> Option<Control> {
    let control = board.seated(control);
    if !board.enabled || control.active().is_some() {
        return None;
    }
    let is_member = |seat: &Seat| board.has(*seat);
    let seat = responder.filter(is_member).or(board.default.filter(is_member))?;
    // The pending seat itself is assigned: its offer is fulfilled.
    Some(Control::new(Some(seat), control.pending()).unwrap_or(Control::held_by(seat)))
}

/// What removing a member does to the board. Conversations are not touched: their stale seats count
/// as empty (decision 11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardChanges {
    /// The seat that goes.
    pub removed: Seat,
    /// The board's default afterwards.
    pub default: Option<Seat>,
    /// The members whose successor changes, with their successor afterwards.
    pub next: Vec<(Seat, Option<Seat>)>,
}

/// Why a member cannot be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemovalRefusal {
    /// Nobody sits there.
    #[error("there is no such switchboard integration")]
    NotAMember,
    /// It is the default.
    #[error("the default switchboard integration cannot be removed")]
    IsDefault,
    /// Another member names it as its successor.
    #[error("a switchboard integration that is the next of another one cannot be removed")]
    IsNext {
        /// That other member, the first on the board.
        of: Seat,
    },
}

/// Takes a member off the board.
///
/// Without `reassign` this is refused while the member is the default or another one's successor.
/// With it, who pointed to the member points to the member's own successor afterwards (to nobody
/// rather than to itself), and a lost default goes to the first remaining member in the board's
/// order.
pub fn remove_member(board: &Board, seat: Seat, reassign: bool) -> Result<BoardChanges, RemovalRefusal> {
    let member = board.member(seat).ok_or(RemovalRefusal::NotAMember)?;
    let remaining = || board.members.iter().filter(|other| other.seat != seat);
    let pointing = || remaining().filter(|other| other.next == Some(seat));
    if !reassign {
        if board.default == Some(seat) {
            return Err(RemovalRefusal::IsDefault);
        }
        if let Some(other) = pointing().next() {
            return Err(RemovalRefusal::IsNext { of: other.seat });
        }
    }
    let heir = member.next.filter(|next| *next != seat && board.has(*next));
    let default = match board.default {
        Some(default) if default == seat => remaining().next().map(|first| first.seat),
        default => default,
    };
    let next = pointing().map(|other| (other.seat, heir.filter(|heir| *heir != other.seat))).collect();
    Ok(BoardChanges { removed: seat, default, next })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::switchboard::Member;

    const BOT: Seat = Seat(1);
    const AGENT: Seat = Seat(2);
    const DESK: Seat = Seat(3);
    const GONE: Seat = Seat(77);

    fn member(seat: Seat, next: Option<Seat>) -> Member {
        Member {
            seat,
            id: format!("{:024x}", seat.0),
            name: format!("member-{}", seat.0),
            integration: Some(seat.0),
            integration_id: None,
            integration_type: "custom".to_owned(),
            next,
            deliver_standby_events: true,
            message_history_count: None,
        }
    }

    fn board(default: Option<Seat>, members: &[(Seat, Option<Seat>)]) -> Board {
        let members = members.iter().map(|(seat, next)| member(*seat, *next)).collect();
        Board { enabled: true, default, members }
    }

    fn three() -> Board {
        board(Some(BOT), &[(BOT, Some(AGENT)), (AGENT, Some(BOT)), (DESK, None)])
    }

    fn state(active: Option<Seat>, pending: Option<Seat>) -> Control {
        Control::new(active, pending).unwrap()
    }

    #[test]
    fn the_responder_of_the_channel_goes_before_the_default() {
        assert_eq!(assign(&three(), Control::NONE, Some(DESK)), Some(state(Some(DESK), None)));
        assert_eq!(assign(&three(), Control::NONE, None), Some(state(Some(BOT), None)));
        assert_eq!(assign(&three(), Control::NONE, Some(GONE)), Some(state(Some(BOT), None)));
    }

    #[test]
    fn without_responder_and_default_nobody_is_assigned() {
        let mut board = three();
        board.default = None;
        assert_eq!(assign(&board, Control::NONE, None), None);
        board.default = Some(GONE);
        assert_eq!(assign(&board, Control::NONE, None), None);
        assert_eq!(assign(&board, Control::NONE, Some(AGENT)), Some(state(Some(AGENT), None)));
    }

    #[test]
    fn who_is_active_stays_unless_the_member_is_gone() {
        assert_eq!(assign(&three(), state(Some(AGENT), None), Some(DESK)), None);
        assert_eq!(assign(&three(), state(Some(GONE), None), None), Some(state(Some(BOT), None)));
    }

    #[test]
    fn a_board_that_is_off_assigns_nobody() {
        let off = Board { enabled: false, ..three() };
        assert_eq!(assign(&off, Control::NONE, Some(DESK)), None);
        assert_eq!(assign(&off, state(Some(GONE), None), None), None);
    }

    #[test]
    fn an_offer_stays_open_unless_its_seat_is_assigned_or_gone() {
        let offered = state(None, Some(AGENT));
        assert_eq!(assign(&three(), offered, None), Some(state(Some(BOT), Some(AGENT))));
        assert_eq!(assign(&three(), offered, Some(AGENT)), Some(state(Some(AGENT), None)));
        assert_eq!(assign(&three(), state(None, Some(GONE)), None), Some(state(Some(BOT), None)));
    }

    #[test]
    fn the_default_and_a_successor_cannot_simply_be_removed() {
        assert_eq!(remove_member(&three(), BOT, false), Err(RemovalRefusal::IsDefault));
        assert_eq!(remove_member(&three(), AGENT, false), Err(RemovalRefusal::IsNext { of: BOT }));
        assert_eq!(remove_member(&three(), GONE, false), Err(RemovalRefusal::NotAMember));
        assert_eq!(remove_member(&three(), GONE, true), Err(RemovalRefusal::NotAMember));
    }

    #[test]
    fn whom_nobody_names_can_be_removed() {
        let changes = BoardChanges { removed: DESK, default: Some(BOT), next: Vec::new() };
        assert_eq!(remove_member(&three(), DESK, false), Ok(changes));
        let alone = board(None, &[(DESK, Some(DESK))]);
        let changes = BoardChanges { removed: DESK, default: None, next: Vec::new() };
        assert_eq!(remove_member(&alone, DESK, false), Ok(changes));
    }

    #[test]
    fn reassigning_hands_the_default_to_the_first_that_remains() {
        let changes = remove_member(&three(), BOT, true).unwrap();
        assert_eq!(changes.default, Some(AGENT));
        let last = board(Some(BOT), &[(BOT, None)]);
        assert_eq!(remove_member(&last, BOT, true).unwrap().default, None);
        assert_eq!(remove_member(&three(), DESK, true).unwrap().default, Some(BOT));
    }

    #[test]
    fn reassigning_closes_the_chain_around_the_gap() {
        let chain = board(None, &[(BOT, Some(AGENT)), (AGENT, Some(DESK)), (DESK, Some(AGENT))]);
        let changes = remove_member(&chain, AGENT, true).unwrap();
        assert_eq!(changes.next, [(BOT, Some(DESK)), (DESK, None)]);
        let own = board(None, &[(BOT, Some(AGENT)), (AGENT, Some(AGENT))]);
        assert_eq!(remove_member(&own, AGENT, true).unwrap().next, [(BOT, None)]);
    }
}
