//! What the text that names a target means (sunshine-v2.md §8.4).

use super::{Board, Caller, Control, Member, Seat};

/// The word that means the configured successor instead of naming a member.
pub const NEXT_KEYWORD: &str = "next";

/// The text by which a caller names the target of a pass or an offer: id, name, integration type
/// or [`NEXT_KEYWORD`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(pub String);

impl From<&str> for Reference {
    fn from(text: &str) -> Reference {
        Reference(text.to_owned())
    }
}

/// The member that was meant, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The target's seat; always a member of the board.
    pub seat: Seat,
    /// Which rule found it; repeating a pass depends on it (§8.5).
    pub by: ResolvedBy,
}

/// The rules that find a target, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolvedBy {
    /// `next`, as the successor of the calling seat.
    OwnNext,
    /// `next`, as the successor of the active seat.
    ActiveNext,
    /// The switchboard integration's id.
    Id,
    /// Its name.
    Name,
    /// The type of its integration, which just one member has.
    IntegrationType,
}

/// Why a text names no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// No member has that id, name or type.
    #[error("no switchboard integration has this id, name or integration type")]
    Unknown,
    /// Several members have that type.
    #[error("several switchboard integrations have this integration type; name one by its id or name")]
    Ambiguous,
    /// `next` without a configured successor, or with nobody whose successor it could be.
    #[error("there is no next switchboard integration")]
    NoNext,
}

/// Finds the member that `text` names: the keyword `next`, then id, then name, then integration
/// type. Texts are compared exactly. `next` is the caller's own successor when the caller has a
/// seat, else the successor of the active seat.
pub fn resolve(
    board: &Board,
    control: Control,
    caller: Caller,
    text: &str,
) -> Result<Resolved, ReferenceError> {
    if text == NEXT_KEYWORD {
        return resolve_next(board, control, caller);
    }
    if let Some(member) = board.members.iter().find(|member| member.id == text) {
        return Ok(Resolved { seat: member.seat, by: ResolvedBy::Id });
    }
    if let Some(member) = board.members.iter().find(|member| member.name == text) {
        return Ok(Resolved { seat: member.seat, by: ResolvedBy::Name });
    }
    let mut of_type = board.members.iter().filter(|member| member.integration_type == text);
    match (of_type.next(), of_type.next()) {
        (Some(Member { seat, .. }), None) => Ok(Resolved { seat: *seat, by: ResolvedBy::IntegrationType }),
        (Some(_), Some(_)) => Err(ReferenceError::Ambiguous),
        (None, _) => Err(ReferenceError::Unknown),
    }
}

fn resolve_next(board: &Board, control: Control, caller: Caller) -> Result<Resolved, ReferenceError> {
    let own = match caller {
        Caller::Seat(Some(seat)) if board.has(seat) => Some(seat),
        _ => None,
    };
    let (from, by) = match own {
        Some(seat) => (Some(seat), ResolvedBy::OwnNext),
        None => (control.active(), ResolvedBy::ActiveNext),
    };
    let seat = from.and_then(|seat| board.next_of(seat)).ok_or(ReferenceError::NoNext)?;
    Ok(Resolved { seat, by })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BOT: Seat = Seat(1);
    const AGENT: Seat = Seat(2);
    const PARTNER: Seat = Seat(3);

    fn member(seat: Seat, name: &str, integration_type: &str, next: Option<Seat>) -> Member {
        Member {
            seat,
            id: format!("{:024x}", seat.0),
            name: name.to_owned(),
            integration: Some(seat.0 * 10),
            integration_id: Some(format!("{:024x}", seat.0 * 10)),
            integration_type: integration_type.to_owned(),
            next,
            deliver_standby_events: false,
            message_history_count: None,
        }
    }

    fn board() -> Board {
        Board {
            enabled: true,
            default: Some(BOT),
            members: vec![
                member(BOT, "bot", "custom", Some(AGENT)),
                member(AGENT, "agent", "custom", None),
                member(PARTNER, "desk", "partner-client", Some(BOT)),
            ],
        }
    }

    fn active(seat: Seat) -> Control {
        Control::new(Some(seat), None).unwrap()
    }

    fn ask(control: Control, caller: Caller, text: &str) -> Result<(Seat, ResolvedBy), ReferenceError> {
        resolve(&board(), control, caller, text).map(|found| (found.seat, found.by))
    }

    #[test]
    fn a_member_is_named_by_id_then_name_then_type() {
        let none = Control::NONE;
        let id = "000000000000000000000002";
        assert_eq!(ask(none, Caller::Business, id), Ok((AGENT, ResolvedBy::Id)));
        assert_eq!(ask(none, Caller::Business, "bot"), Ok((BOT, ResolvedBy::Name)));
        let by_type = Ok((PARTNER, ResolvedBy::IntegrationType));
        assert_eq!(ask(none, Caller::Business, "partner-client"), by_type);
    }

    #[test]
    fn an_earlier_rule_hides_a_later_one() {
        let mut board = board();
        // One member's name is another's id, and a third one's type is that name, too.
        board.members[0].name = "000000000000000000000002".to_owned();
        board.members[2].integration_type = "agent".to_owned();
        let by_id = resolve(&board, Control::NONE, Caller::Business, "000000000000000000000002").unwrap();
        assert_eq!((by_id.seat, by_id.by), (AGENT, ResolvedBy::Id));
        let by_name = resolve(&board, Control::NONE, Caller::Business, "agent").unwrap();
        assert_eq!((by_name.seat, by_name.by), (AGENT, ResolvedBy::Name));
        // The keyword cannot be captured by a type of that name.
        board.members[2].integration_type = NEXT_KEYWORD.to_owned();
        let next = resolve(&board, active(BOT), Caller::Business, NEXT_KEYWORD).unwrap();
        assert_eq!((next.seat, next.by), (AGENT, ResolvedBy::ActiveNext));
    }

    #[test]
    fn several_of_a_type_are_ambiguous_and_none_is_unknown() {
        let none = Control::NONE;
        assert_eq!(ask(none, Caller::Business, "custom"), Err(ReferenceError::Ambiguous));
        assert_eq!(ask(none, Caller::Business, "nobody"), Err(ReferenceError::Unknown));
        assert_eq!(ask(none, Caller::Business, ""), Err(ReferenceError::Unknown));
        assert_eq!(ask(none, Caller::Business, "BOT"), Err(ReferenceError::Unknown));
        assert_eq!(ask(none, Caller::Business, "Next"), Err(ReferenceError::Unknown));
        // The id of the integration behind a member is no name of the member.
        assert_eq!(ask(none, Caller::Business, "00000000000000000000000a"), Err(ReferenceError::Unknown));
    }

    #[test]
    fn next_of_a_business_caller_is_the_active_seats() {
        assert_eq!(ask(active(BOT), Caller::Business, "next"), Ok((AGENT, ResolvedBy::ActiveNext)));
        assert_eq!(ask(active(PARTNER), Caller::Business, "next"), Ok((BOT, ResolvedBy::ActiveNext)));
        assert_eq!(ask(active(AGENT), Caller::Business, "next"), Err(ReferenceError::NoNext));
        assert_eq!(ask(Control::NONE, Caller::Business, "next"), Err(ReferenceError::NoNext));
    }

    #[test]
    fn next_of_a_seated_caller_is_its_own() {
        let own = Ok((AGENT, ResolvedBy::OwnNext));
        assert_eq!(ask(active(PARTNER), Caller::Seat(Some(BOT)), "next"), own);
        assert_eq!(ask(Control::NONE, Caller::Seat(Some(BOT)), "next"), own);
        // Without a successor of its own it does not fall back to the active seat's.
        assert_eq!(ask(active(BOT), Caller::Seat(Some(AGENT)), "next"), Err(ReferenceError::NoNext));
    }

    #[test]
    fn next_of_an_integration_without_a_seat_is_the_active_seats() {
        let of_active = Ok((AGENT, ResolvedBy::ActiveNext));
        assert_eq!(ask(active(BOT), Caller::Seat(None), "next"), of_active);
        assert_eq!(ask(active(BOT), Caller::Seat(Some(Seat(99))), "next"), of_active);
        assert_eq!(ask(Control::NONE, Caller::Seat(None), "next"), Err(ReferenceError::NoNext));
    }

    #[test]
    fn a_successor_that_is_gone_is_none() {
        let mut board = board();
        board.members.retain(|member| member.seat != AGENT);
        let found = resolve(&board, active(BOT), Caller::Business, "next");
        assert_eq!(found, Err(ReferenceError::NoNext));
        let of_gone = resolve(&board, active(AGENT), Caller::Business, "next");
        assert_eq!(of_gone, Err(ReferenceError::NoNext));
    }
}
