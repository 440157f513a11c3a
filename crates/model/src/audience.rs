//! Who is told about an event: the table of sunshine-v2.md §8.6 as one pure function. Whether the
//! subscription asked for the event's type is a separate question, to be answered first.

use crate::event::EventType;
use crate::switchboard::{Board, Control, Seat};

/// The rows of the table: event types that are told to the same seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventFamily {
    /// Messages, postbacks, referrals, reads, typing, delivery and passthrough.
    Conversation,
    /// Creation, join, leave and removal of a conversation.
    ConversationLifecycle,
    /// Control was passed, accepted or released.
    SwitchboardChange,
    /// Control was offered.
    SwitchboardOffer,
    /// A pass, an offer or an accept was refused.
    SwitchboardFailure,
    /// Events about clients and users: told to everybody.
    Unfiltered,
}

impl From<EventType> for EventFamily {
    fn from(event: EventType) -> EventFamily {
        use EventType as E;
        match event {
            E::ConversationMessage
            | E::DeliveryChannel
            | E::DeliveryFailure
            | E::DeliveryUser
            | E::ConversationPostback
            | E::ConversationRead
            | E::ConversationReferral
            | E::ConversationTyping
            | E::Passthrough
            | E::BusinessActivity
            | E::ConversationOpen
            | E::ConversationUnanswered
            | E::MessageRead => EventFamily::Conversation,
            E::ConversationCreate | E::ConversationJoin | E::ConversationLeave | E::ConversationRemove => {
                EventFamily::ConversationLifecycle
            }
            E::PassControl | E::AcceptControl | E::ReleaseControl => EventFamily::SwitchboardChange,
            E::OfferControl => EventFamily::SwitchboardOffer,
            E::PassControlFailure | E::OfferControlFailure | E::AcceptControlFailure => {
                EventFamily::SwitchboardFailure
            }
            E::ClientAdd
            | E::ClientRemove
            | E::ClientUpdate
            | E::UserMerge
            | E::UserRemove
            | E::UserUpdate => EventFamily::Unfiltered,
        }
    }
}

/// What of an event decides who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The row of the table.
    pub family: EventFamily,
    /// Control after the event was applied.
    pub control: Control,
    /// Control before it; read for [`EventFamily::SwitchboardChange`] only, where who loses control
    /// or an offer is told so.
    pub previous: Control,
    /// The seat of the calling integration; read for [`EventFamily::SwitchboardFailure`] only.
    pub caller: Option<Seat>,
}

/// What of a subscriber decides whether it is told: its integration's place on an enabled board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its seat.
    pub seat: Seat,
    /// Whether it hears while on standby.
    pub deliver_standby_events: bool,
}

impl Membership {
    /// The membership of an integration, by its store key. `None` when it is no member, or when
    /// the board is off and so filters nobody.
    pub fn of(board: &Board, integration: i64) -> Option<Membership> {
        if !board.enabled {
            return None;
        }
        let member = board.members.iter().find(|member| member.integration == Some(integration))?;
        Some(Membership { seat: member.seat, deliver_standby_events: member.deliver_standby_events })
    }
}

/// Whether a subscriber with this membership is told. One that is no member is told everything.
pub fn audience(occasion: &Occasion, subscriber: Option<Membership>) -> bool {
    let Some(Membership { seat, deliver_standby_events }) = subscriber else {
        return true;
    };
    let holds = |control: Control| control.active() == Some(seat) || control.pending() == Some(seat);
    let concerned = holds(occasion.control)
        || match occasion.family {
            EventFamily::SwitchboardChange => holds(occasion.previous),
            EventFamily::SwitchboardFailure => occasion.caller == Some(seat),
            EventFamily::Unfiltered => true,
            EventFamily::Conversation
            | EventFamily::ConversationLifecycle
            | EventFamily::SwitchboardOffer => false,
        };
    concerned || deliver_standby_events
}

/// Whether this subscriber's copy carries the message history (§8.5): that of the seat which
/// receives control or the offer. How many messages is the member's setting.
pub fn wants_history(occasion: &Occasion, subscriber: Option<Membership>) -> bool {
    let receiving = match occasion.family {
        EventFamily::SwitchboardChange => occasion.control.active(),
        EventFamily::SwitchboardOffer => occasion.control.pending(),
        _ => None,
    };
    receiving.is_some() && receiving == subscriber.map(|member| member.seat)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::switchboard::Member;

    const ACTIVE: Seat = Seat(1);
    const PENDING: Seat = Seat(2);
    const STANDBY: Seat = Seat(3);
    const OTHER: Seat = Seat(4);

    const FAMILIES: [EventFamily; 6] = [
        EventFamily::Conversation,
        EventFamily::ConversationLifecycle,
        EventFamily::SwitchboardChange,
        EventFamily::SwitchboardOffer,
        EventFamily::SwitchboardFailure,
        EventFamily::Unfiltered,
    ];

    fn control(active: Option<Seat>, pending: Option<Seat>) -> Control {
        Control::new(active, pending).unwrap()
    }

    fn occasion(family: EventFamily) -> Occasion {
        let control = control(Some(ACTIVE), Some(PENDING));
        Occasion { family, control, previous: control, caller: None }
    }

    fn told(occasion: &Occasion, seat: Seat, deliver_standby_events: bool) -> bool {
        audience(occasion, Some(Membership { seat, deliver_standby_events }))
    }

    #[test]
    fn the_table_cell_by_cell() {
        // active, pending, standby that listens, standby that does not, no member
        for (family, cells) in [
            (EventFamily::Conversation, [true, true, true, false, true]),
            (EventFamily::ConversationLifecycle, [true, true, true, false, true]),
            (EventFamily::SwitchboardChange, [true, true, true, false, true]),
            (EventFamily::SwitchboardOffer, [true, true, true, false, true]),
            (EventFamily::SwitchboardFailure, [true, true, true, false, true]),
            (EventFamily::Unfiltered, [true, true, true, true, true]),
        ] {
            let occasion = occasion(family);
            let found = [
                told(&occasion, ACTIVE, false),
                told(&occasion, PENDING, false),
                told(&occasion, STANDBY, true),
                told(&occasion, STANDBY, false),
                audience(&occasion, None),
            ];
            assert_eq!(found, cells, "{family:?}");
        }
    }

    #[test]
    fn who_lost_control_or_the_offer_is_told_of_the_change_and_of_nothing_else() {
        for family in FAMILIES {
            let after = control(Some(OTHER), None);
            let occasion = Occasion {
                control: after,
                previous: control(Some(ACTIVE), Some(PENDING)),
                ..occasion(family)
            };
            let expected = matches!(family, EventFamily::SwitchboardChange | EventFamily::Unfiltered);
            assert_eq!(told(&occasion, ACTIVE, false), expected, "{family:?}");
            assert_eq!(told(&occasion, PENDING, false), expected, "{family:?}");
            assert!(told(&occasion, OTHER, false), "{family:?}");
        }
    }

    #[test]
    fn a_caller_on_standby_is_told_of_its_failure_and_of_nothing_else() {
        for family in FAMILIES {
            let occasion = Occasion { caller: Some(STANDBY), ..occasion(family) };
            let expected = matches!(family, EventFamily::SwitchboardFailure | EventFamily::Unfiltered);
            assert_eq!(told(&occasion, STANDBY, false), expected, "{family:?}");
        }
    }

    #[test]
    fn with_nobody_active_every_member_is_on_standby() {
        for family in FAMILIES {
            let occasion = Occasion { control: Control::NONE, previous: Control::NONE, ..occasion(family) };
            for seat in [ACTIVE, PENDING, STANDBY] {
                assert_eq!(told(&occasion, seat, false), family == EventFamily::Unfiltered, "{family:?}");
                assert!(told(&occasion, seat, true), "{family:?}");
            }
            assert!(audience(&occasion, None), "{family:?}");
        }
    }

    #[test]
    fn the_history_goes_to_who_receives_control_or_the_offer() {
        for family in FAMILIES {
            let occasion = occasion(family);
            let wants = |seat, flag| {
                wants_history(&occasion, Some(Membership { seat, deliver_standby_events: flag }))
            };
            for flag in [false, true] {
                assert_eq!(wants(ACTIVE, flag), family == EventFamily::SwitchboardChange, "{family:?}");
                assert_eq!(wants(PENDING, flag), family == EventFamily::SwitchboardOffer, "{family:?}");
                assert!(!wants(STANDBY, flag), "{family:?}");
            }
            assert!(!wants_history(&occasion, None), "{family:?}");
        }
        let released = Occasion { control: Control::NONE, ..occasion(EventFamily::SwitchboardChange) };
        let loser = Some(Membership { seat: ACTIVE, deliver_standby_events: true });
        assert!(!wants_history(&released, loser));
        assert!(!wants_history(&released, None));
    }

    #[test]
    fn membership_needs_an_enabled_board() {
        let member = Member {
            seat: ACTIVE,
            id: "000000000000000000000001".to_owned(),
            name: "bot".to_owned(),
            integration: Some(70),
            integration_id: None,
            integration_type: "custom".to_owned(),
            next: None,
            deliver_standby_events: true,
            message_history_count: None,
        };
        let mut board = Board { enabled: true, default: None, members: vec![member] };
        let found = Membership { seat: ACTIVE, deliver_standby_events: true };
        assert_eq!(Membership::of(&board, 70), Some(found));
        assert_eq!(Membership::of(&board, 71), None);
        board.enabled = false;
        assert_eq!(Membership::of(&board, 70), None);
    }

    #[test]
    fn families_follow_the_names_of_the_event_types() {
        for event in EventType::ALL {
            let name = event.name();
            let family = match name.split(':').next() {
                Some("client" | "user") => EventFamily::Unfiltered,
                Some("switchboard") if name.ends_with(":failure") => EventFamily::SwitchboardFailure,
                Some("switchboard") if name.ends_with(":offerControl") => EventFamily::SwitchboardOffer,
                Some("switchboard") => EventFamily::SwitchboardChange,
                _ if ["create", "join", "leave", "remove"].iter().any(|end| name.ends_with(end)) => {
                    EventFamily::ConversationLifecycle
                }
                _ => EventFamily::Conversation,
            };
            assert_eq!(EventFamily::from(*event), family, "{name}");
        }
    }
}
