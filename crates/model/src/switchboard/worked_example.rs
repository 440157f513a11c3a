//! The worked hand-over of sunshine-v2.md §14, step by step: state, replies and who is told.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::audience::{EventFamily, Membership, Occasion, audience, wants_history};
use crate::event::EventType;

const BOT: Seat = Seat(1);
const AGENT: Seat = Seat(2);
const BOT_INTEGRATION: i64 = 10;
const AGENT_INTEGRATION: i64 = 20;
const CRM_INTEGRATION: i64 = 30;

fn member(seat: Seat, name: &str, integration: i64, next: Seat, listens: bool) -> Member {
    Member {
        seat,
        id: format!("{:024x}", seat.0),
        name: name.to_owned(),
        integration: Some(integration),
        integration_id: Some(format!("{integration:024x}")),
        integration_type: "custom".to_owned(),
        next: Some(next),
        deliver_standby_events: listens,
        message_history_count: (seat == AGENT).then_some(5),
    }
}

fn board(listens: bool) -> Board {
    Board {
        enabled: true,
        default: Some(BOT),
        members: vec![
            member(BOT, "bot", BOT_INTEGRATION, AGENT, listens),
            member(AGENT, "agent", AGENT_INTEGRATION, BOT, listens),
        ],
    }
}

/// Who hears an event: bot, agent, and the integration outside the switchboard. A capital means
/// with the message history.
fn hearers(board: &Board, occasion: &Occasion) -> String {
    let integrations = [(BOT_INTEGRATION, 'b'), (AGENT_INTEGRATION, 'a'), (CRM_INTEGRATION, 'c')];
    let mut heard = String::new();
    for (integration, letter) in integrations {
        let membership = Membership::of(board, integration);
        if audience(occasion, membership) {
            let history = wants_history(occasion, membership);
            heard.push(if history { letter.to_ascii_uppercase() } else { letter });
        }
    }
    heard
}

struct Walk {
    board: Board,
    control: Control,
}

impl Walk {
    /// Customer activity and everything else that changes no control by itself.
    fn tell(&self, event: EventType) -> String {
        let Walk { board, control } = self;
        let family = EventFamily::from(event);
        hearers(board, &Occasion { family, control: *control, previous: *control, caller: None })
    }

    fn customer(&mut self, event: EventType) -> String {
        if let Some(control) = assign(&self.board, self.control, None) {
            self.control = control;
        }
        self.tell(event)
    }

    /// A control action: the answer's kind, and who hears its event if it makes one.
    fn act(&mut self, caller: Caller, action: Action) -> (&'static str, String) {
        let seat = match caller {
            Caller::Seat(seat) => seat,
            Caller::Business => None,
        };
        let previous = self.control;
        let occasion = |family, control| Occasion { family, control, previous, caller: seat };
        match apply(&self.board, self.control, caller, &action) {
            Ok(Transition { control, change }) => {
                self.control = control;
                let family = match change.map(|change| change.kind) {
                    None => return ("done", String::new()),
                    Some(ControlKind::OfferControl) => EventFamily::SwitchboardOffer,
                    Some(_) => EventFamily::SwitchboardChange,
                };
                ("done", hearers(&self.board, &occasion(family, control)))
            }
            Err(refusal) => {
                let heard = refusal
                    .failure_event()
                    .map(|_| hearers(&self.board, &occasion(EventFamily::SwitchboardFailure, self.control)));
                (refusal.code().as_str(), heard.unwrap_or_default())
            }
        }
    }
}

fn state(active: Option<Seat>, pending: Option<Seat>) -> Control {
    Control::new(active, pending).unwrap()
}

/// `quiet` gives who hears a step when standby members do not listen; when they do, everybody
/// hears every event that there is.
fn walk(listens: bool) {
    let everybody = |quiet: &str| match (listens, quiet) {
        (false, quiet) => quiet.to_owned(),
        (true, "") => String::new(),
        (true, quiet) => ["b", "a", "c"]
            .map(|letter| match quiet.find(&letter.to_uppercase()) {
                Some(_) => letter.to_uppercase(),
                None => letter.to_owned(),
            })
            .concat(),
    };
    let (app, bot, agent) = (Caller::Business, Caller::Seat(Some(BOT)), Caller::Seat(Some(AGENT)));
    let pass_next = || Action::Pass { target: NEXT_KEYWORD.into() };
    let offer_agent = || Action::Offer { target: "agent".into() };
    let mut w = Walk { board: board(listens), control: Control::NONE };

    // 2: the conversation is created, the default is assigned
    assert_eq!(w.customer(EventType::ConversationCreate), everybody("bc"));
    assert_eq!(w.control, state(Some(BOT), None));
    // 3, 4: the customer and the bot write
    assert_eq!(w.customer(EventType::ConversationMessage), everybody("bc"));
    assert_eq!(w.tell(EventType::ConversationMessage), everybody("bc"));
    // 5: the bot passes on, and hears of its own loss
    assert_eq!(w.act(bot, pass_next()), ("done", everybody("bAc")));
    assert_eq!(w.control, state(Some(AGENT), None));
    // 6: the same call again
    assert_eq!(w.act(bot, pass_next()), ("done", String::new()));
    assert_eq!(w.control, state(Some(AGENT), None));
    // 7: the customer writes
    assert_eq!(w.customer(EventType::ConversationMessage), everybody("ac"));
    // 8: the bot may not release
    assert_eq!(w.act(bot, Action::Release), ("forbidden", String::new()));
    // 10: the agent writes
    assert_eq!(w.tell(EventType::ConversationMessage), everybody("ac"));
    // 11: the agent releases
    assert_eq!(w.act(agent, Action::Release), ("done", everybody("ac")));
    assert_eq!(w.control, Control::NONE);
    // 12: the customer writes; the default is assigned first
    assert_eq!(w.customer(EventType::ConversationMessage), everybody("bc"));
    assert_eq!(w.control, state(Some(BOT), None));
    // 13: the app offers the agent control
    assert_eq!(w.act(app, offer_agent()), ("done", everybody("bAc")));
    assert_eq!(w.control, state(Some(BOT), Some(AGENT)));
    // 14: the customer writes; the pending one hears it
    assert_eq!(w.customer(EventType::ConversationMessage), everybody("bac"));
    assert_eq!(w.control, state(Some(BOT), Some(AGENT)));
    // 15: the agent accepts
    assert_eq!(w.act(agent, Action::Accept), ("done", everybody("bAc")));
    assert_eq!(w.control, state(Some(AGENT), None));
    // 16: an offer to the active one
    assert_eq!(w.act(app, offer_agent()), ("switchboard_invalid_target", everybody("ac")));
    // 17: nothing to accept
    assert_eq!(w.act(app, Action::Accept), ("switchboard_invalid_action", everybody("ac")));
    assert_eq!(w.control, state(Some(AGENT), None));
}

#[test]
fn the_hand_over_with_silent_standby() {
    walk(false);
}

#[test]
fn the_hand_over_with_listening_standby() {
    walk(true);
}
