//! What the machine knows: seats, the control of one conversation, the board of one app.

use serde::{Deserialize, Serialize};

/// One switchboard integration, by its small integer key in the store. 0 is never a seat: the store
/// writes it for "nobody".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seat(pub i64);

impl Seat {
    /// Reads a stored column; 0 is nobody.
    pub fn from_stored(column: i64) -> Option<Seat> {
        (column != 0).then_some(Seat(column))
    }

    /// The stored column of a seat or of nobody.
    pub fn to_stored(seat: Option<Seat>) -> i64 {
        seat.map_or(0, |seat| seat.0)
    }
}

/// The switchboard state of one conversation (§8.2): at most one active and at most one pending
/// seat, never the same; every other member is on standby.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Control {
    active: Option<Seat>,
    pending: Option<Seat>,
}

/// Seats that are no state of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidControl {
    /// The active seat cannot at the same time wait for control.
    #[error("seat {} is both active and pending", .0.0)]
    SameSeat(Seat),
    /// 0 stands for nobody and is no seat.
    #[error("0 is not a seat")]
    ZeroSeat,
}

impl Control {
    /// Nobody is active, nobody pending.
    pub const NONE: Control = Control { active: None, pending: None };

    /// A state of these two seats, unless they break the rule that they differ.
    pub fn new(active: Option<Seat>, pending: Option<Seat>) -> Result<Control, InvalidControl> {
        match (active, pending) {
            (Some(Seat(0)), _) | (_, Some(Seat(0))) => Err(InvalidControl::ZeroSeat),
            (Some(active), Some(pending)) if active == pending => Err(InvalidControl::SameSeat(active)),
            _ => Ok(Control { active, pending }),
        }
    }

    /// Reads the two stored columns, where 0 is nobody.
    pub fn from_stored(active: i64, pending: i64) -> Result<Control, InvalidControl> {
        Control::new(Seat::from_stored(active), Seat::from_stored(pending))
    }

    /// This seat in control, no offer standing.
    pub(super) fn held_by(seat: Seat) -> Control {
        Control { active: Some(seat), pending: None }
    }

    /// The seat in control.
    pub fn active(self) -> Option<Seat> {
        self.active
    }

    /// The seat that was offered control and has not accepted yet.
    pub fn pending(self) -> Option<Seat> {
        self.pending
    }
}

/// A member of a switchboard: one switchboard integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its seat.
    pub seat: Seat,
    /// Public id of the switchboard integration, 24 hex digits.
    pub id: String,
    /// Name, unique on the board, never `next`.
    pub name: String,
    /// Store key of the linked integration; `None` for a type without one.
    pub integration: Option<i64>,
    /// Public id of the linked integration.
    pub integration_id: Option<String>,
    /// Type of the linked integration; `custom`, or the client id of a partner.
    pub integration_type: String,
    /// The seat that the keyword `next` means for this member.
    pub next: Option<Seat>,
    /// Whether events of conversations that another seat controls reach this member, too.
    pub deliver_standby_events: bool,
    /// Messages (1–10) that this member is handed over with control; `None` is none.
    pub message_history_count: Option<u8>,
}

/// The switchboard of an app with its members. An app without one is a disabled board without
/// members ([`Board::default`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Off: nobody is filtered and control actions are refused (§8.1).
    pub enabled: bool,
    /// The seat that default assignment takes.
    pub default: Option<Seat>,
    /// The members, oldest first; a hub that prefers some as default puts those first.
    pub members: Vec<Member>,
}

impl Board {
    /// The member on a seat.
    pub fn member(&self, seat: Seat) -> Option<&Member> {
        self.members.iter().find(|member| member.seat == seat)
    }

    /// Whether somebody sits there.
    pub fn has(&self, seat: Seat) -> bool {
        self.member(seat).is_some()
    }

    /// The seat of an integration, by the integration's store key.
    pub fn seat_of(&self, integration: i64) -> Option<Seat> {
        self.members.iter().find(|member| member.integration == Some(integration)).map(|member| member.seat)
    }

    /// The state without seats of members that are gone: those count as empty (decision 11).
    pub fn seated(&self, control: Control) -> Control {
        Control {
            active: control.active.filter(|seat| self.has(*seat)),
            pending: control.pending.filter(|seat| self.has(*seat)),
        }
    }

    /// The configured successor of a seat, if both are members.
    pub fn next_of(&self, seat: Seat) -> Option<Seat> {
        self.member(seat)?.next.filter(|next| self.has(*next))
    }
}

/// Who asks for a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Account or app scope: may do everything.
    Business,
    /// Integration scope, with the seat of the calling integration if it is a member.
    Seat(Option<Seat>),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_seat_is_never_active_and_pending() {
        assert_eq!(Control::new(Some(Seat(4)), Some(Seat(4))), Err(InvalidControl::SameSeat(Seat(4))));
        assert_eq!(Control::new(Some(Seat(0)), None), Err(InvalidControl::ZeroSeat));
        assert_eq!(Control::new(None, Some(Seat(0))), Err(InvalidControl::ZeroSeat));
        let control = Control::new(Some(Seat(4)), Some(Seat(5))).unwrap();
        assert_eq!((control.active(), control.pending()), (Some(Seat(4)), Some(Seat(5))));
    }

    #[test]
    fn stored_columns_hold_zero_for_nobody() {
        assert_eq!(Control::from_stored(0, 0), Ok(Control::NONE));
        assert_eq!(Control::from_stored(7, 0).unwrap().active(), Some(Seat(7)));
        assert_eq!(Control::from_stored(7, 7), Err(InvalidControl::SameSeat(Seat(7))));
        assert_eq!((Seat::to_stored(None), Seat::to_stored(Some(Seat(7)))), (0, 7));
    }
}
