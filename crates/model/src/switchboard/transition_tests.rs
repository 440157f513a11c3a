//! Every row of the table of transitions (sunshine-v2.md §8.5).
#![allow(clippy::unwrap_used)]

use super::*;
use crate::switchboard::Member;

const BOT: Seat = Seat(1);
const AGENT: Seat = Seat(2);
const DESK: Seat = Seat(3);
const APP: Caller = Caller::Business;
const STRANGER: Caller = Caller::Seat(None);

fn caller(seat: Seat) -> Caller {
    Caller::Seat(Some(seat))
}

fn member(seat: Seat, name: &str, next: Option<Seat>) -> Member {
    Member {
        seat,
        id: format!("{:024x}", seat.0),
        name: name.to_owned(),
        integration: Some(seat.0 * 10),
        integration_id: None,
        integration_type: "custom".to_owned(),
        next,
        deliver_standby_events: false,
        message_history_count: None,
    }
}

/// A ring: bot, agent, desk, bot.
fn board() -> Board {
    Board {
        enabled: true,
        default: Some(BOT),
        members: vec![
            member(BOT, "bot", Some(AGENT)),
            member(AGENT, "agent", Some(DESK)),
            member(DESK, "desk", Some(BOT)),
        ],
    }
}

fn state(active: Option<Seat>, pending: Option<Seat>) -> Control {
    Control::new(active, pending).unwrap()
}

fn held(seat: Seat) -> Control {
    state(Some(seat), None)
}

fn pass(target: &str) -> Action {
    Action::Pass { target: target.into() }
}

fn offer(target: &str) -> Action {
    Action::Offer { target: target.into() }
}

fn run(control: Control, caller: Caller, action: &Action) -> Result<Transition, Refusal> {
    apply(&board(), control, caller, action)
}

#[track_caller]
fn expect_change(
    before: Control,
    caller: Caller,
    action: &Action,
    after: Control,
    target: Option<Seat>,
) -> Control {
    let transition = run(before, caller, action).unwrap();
    let change = Some(Change { kind: action.kind(), previous: before, target });
    assert_eq!(transition, Transition { control: after, change });
    after
}

#[track_caller]
fn expect_no_change(control: Control, caller: Caller, action: &Action) {
    assert_eq!(run(control, caller, action), Ok(Transition { control, change: None }));
}

#[track_caller]
fn expect_refusal(
    control: Control,
    caller: Caller,
    action: &Action,
    reason: RefusalReason,
    (kind, code, event): (RefusalKind, &str, Option<FailureKind>),
) {
    let refusal = run(control, caller, action).unwrap_err();
    assert_eq!(refusal, Refusal { action: action.kind(), reason });
    assert_eq!((refusal.kind(), refusal.code().as_str(), refusal.failure_event()), (kind, code, event));
    assert!(!refusal.to_string().is_empty());
}

const INVALID_TARGET: &str = "switchboard_invalid_target";
const INVALID_ACTION: &str = "switchboard_invalid_action";
const FORBIDDEN: (RefusalKind, &str, Option<FailureKind>) = (RefusalKind::Forbidden, "forbidden", None);

#[test]
fn pass_makes_the_target_active_for_the_business_and_every_member() {
    for caller in [APP, caller(BOT), caller(AGENT), caller(DESK)] {
        expect_change(held(BOT), caller, &pass("agent"), held(AGENT), Some(AGENT));
    }
}

#[test]
fn pass_works_with_nobody_active() {
    expect_change(Control::NONE, APP, &pass("agent"), held(AGENT), Some(AGENT));
}

#[test]
fn pass_puts_the_pending_seat_on_standby() {
    let offered = state(Some(BOT), Some(DESK));
    expect_change(offered, APP, &pass("agent"), held(AGENT), Some(AGENT));
    expect_change(offered, APP, &pass("desk"), held(DESK), Some(DESK));
    expect_change(offered, APP, &pass("bot"), held(BOT), Some(BOT));
}

#[test]
fn pass_refuses_a_target_it_cannot_find() {
    let event = Some(FailureKind::PassControl);
    let unknown = RefusalReason::Target(ReferenceError::Unknown);
    let ambiguous = RefusalReason::Target(ReferenceError::Ambiguous);
    let no_next = RefusalReason::Target(ReferenceError::NoNext);
    let invalid = (RefusalKind::Invalid, INVALID_TARGET, event);
    let not_found = (RefusalKind::NotFound, INVALID_TARGET, event);
    expect_refusal(held(BOT), APP, &pass("nobody"), unknown, not_found);
    expect_refusal(held(BOT), APP, &pass("custom"), ambiguous, invalid);
    expect_refusal(Control::NONE, APP, &pass("next"), no_next, invalid);
}

#[test]
fn pass_to_a_named_target_may_be_repeated() {
    for target in ["agent", "000000000000000000000002"] {
        for caller in [APP, caller(BOT)] {
            let after = expect_change(held(BOT), caller, &pass(target), held(AGENT), Some(AGENT));
            expect_no_change(after, caller, &pass(target));
        }
    }
}

#[test]
fn pass_to_next_by_a_seat_may_be_repeated() {
    let after = expect_change(held(BOT), caller(BOT), &pass("next"), held(AGENT), Some(AGENT));
    expect_no_change(after, caller(BOT), &pass("next"));
    // Even when the new one has made an offer meanwhile: that is not the late repeat's to void.
    expect_no_change(state(Some(AGENT), Some(DESK)), caller(BOT), &pass("next"));
}

#[test]
fn pass_to_next_by_a_seat_goes_to_its_own_next_whoever_is_active() {
    expect_change(held(DESK), caller(BOT), &pass("next"), held(AGENT), Some(AGENT));
    expect_change(Control::NONE, caller(BOT), &pass("next"), held(AGENT), Some(AGENT));
}

#[test]
fn pass_to_next_by_the_app_moves_one_step_each_time() {
    let mut control = held(BOT);
    for seat in [AGENT, DESK, BOT, AGENT] {
        control = expect_change(control, APP, &pass("next"), held(seat), Some(seat));
    }
}

#[test]
fn offer_makes_the_target_pending_for_the_business_and_every_member() {
    for caller in [APP, caller(BOT), caller(AGENT), caller(DESK)] {
        let offered = state(Some(BOT), Some(AGENT));
        expect_change(held(BOT), caller, &offer("agent"), offered, Some(AGENT));
    }
}

#[test]
fn offer_works_with_nobody_active() {
    expect_change(Control::NONE, APP, &offer("agent"), state(None, Some(AGENT)), Some(AGENT));
}

#[test]
fn offer_voids_an_earlier_one() {
    let (earlier, later) = (state(Some(BOT), Some(AGENT)), state(Some(BOT), Some(DESK)));
    expect_change(earlier, APP, &offer("desk"), later, Some(DESK));
}

#[test]
fn offer_to_next_follows_the_same_rule_as_pass() {
    expect_change(held(AGENT), APP, &offer("next"), state(Some(AGENT), Some(DESK)), Some(DESK));
    expect_change(held(DESK), caller(BOT), &offer("next"), state(Some(DESK), Some(AGENT)), Some(AGENT));
}

#[test]
fn offer_may_be_repeated() {
    for caller in [APP, caller(BOT)] {
        for target in ["agent", "next"] {
            expect_no_change(state(Some(BOT), Some(AGENT)), caller, &offer(target));
        }
    }
}

#[test]
fn offer_to_the_active_one_is_refused() {
    let refused = (RefusalKind::Invalid, INVALID_TARGET, Some(FailureKind::OfferControl));
    expect_refusal(held(BOT), APP, &offer("bot"), RefusalReason::TargetIsActive, refused);
    let offered = state(Some(BOT), Some(AGENT));
    expect_refusal(offered, caller(DESK), &offer("next"), RefusalReason::TargetIsActive, refused);
}

#[test]
fn offer_refuses_a_target_it_cannot_find() {
    let event = Some(FailureKind::OfferControl);
    let unknown = RefusalReason::Target(ReferenceError::Unknown);
    let ambiguous = RefusalReason::Target(ReferenceError::Ambiguous);
    let no_next = RefusalReason::Target(ReferenceError::NoNext);
    let invalid = (RefusalKind::Invalid, INVALID_TARGET, event);
    let not_found = (RefusalKind::NotFound, INVALID_TARGET, event);
    expect_refusal(held(BOT), APP, &offer("nobody"), unknown, not_found);
    expect_refusal(held(BOT), APP, &offer("custom"), ambiguous, invalid);
    expect_refusal(Control::NONE, APP, &offer("next"), no_next, invalid);
}

#[test]
fn who_is_no_member_may_do_nothing_whatever_the_state_and_the_target() {
    let states = [Control::NONE, held(BOT), state(Some(BOT), Some(AGENT)), state(None, Some(AGENT))];
    for (control, stranger) in
        states.iter().flat_map(|state| [(*state, STRANGER), (*state, caller(Seat(77)))])
    {
        for target in ["agent", "bot", "next", "custom", "nobody"] {
            expect_refusal(control, stranger, &pass(target), RefusalReason::NotMember, FORBIDDEN);
            expect_refusal(control, stranger, &offer(target), RefusalReason::NotMember, FORBIDDEN);
        }
        expect_refusal(control, stranger, &Action::Accept, RefusalReason::NotPending, FORBIDDEN);
        expect_refusal(control, stranger, &Action::Release, RefusalReason::NotActive, FORBIDDEN);
    }
}

#[test]
fn accept_makes_the_pending_one_active() {
    for caller in [APP, caller(AGENT)] {
        let offered = state(Some(BOT), Some(AGENT));
        expect_change(offered, caller, &Action::Accept, held(AGENT), Some(AGENT));
        expect_change(state(None, Some(AGENT)), caller, &Action::Accept, held(AGENT), Some(AGENT));
    }
}

#[test]
fn accept_belongs_to_the_pending_one() {
    for caller in [caller(BOT), caller(DESK), STRANGER] {
        let offered = state(Some(BOT), Some(AGENT));
        expect_refusal(offered, caller, &Action::Accept, RefusalReason::NotPending, FORBIDDEN);
    }
}

#[test]
fn accept_needs_an_offer() {
    let refused = (RefusalKind::Invalid, INVALID_ACTION, Some(FailureKind::AcceptControl));
    for control in [held(BOT), Control::NONE] {
        expect_refusal(control, APP, &Action::Accept, RefusalReason::NothingPending, refused);
        // Under integration scope the missing right is told first.
        expect_refusal(control, caller(BOT), &Action::Accept, RefusalReason::NotPending, FORBIDDEN);
    }
}

#[test]
fn release_leaves_nobody_active_and_nobody_pending() {
    for caller in [APP, caller(BOT)] {
        expect_change(held(BOT), caller, &Action::Release, Control::NONE, None);
        expect_change(state(Some(BOT), Some(AGENT)), caller, &Action::Release, Control::NONE, None);
    }
}

#[test]
fn release_belongs_to_the_active_one() {
    for caller in [caller(AGENT), caller(DESK), STRANGER] {
        let offered = state(Some(BOT), Some(AGENT));
        expect_refusal(offered, caller, &Action::Release, RefusalReason::NotActive, FORBIDDEN);
        expect_refusal(Control::NONE, caller, &Action::Release, RefusalReason::NotActive, FORBIDDEN);
    }
}

#[test]
fn release_with_nobody_active_changes_nothing() {
    expect_no_change(Control::NONE, APP, &Action::Release);
    expect_no_change(state(None, Some(AGENT)), APP, &Action::Release);
}

#[test]
fn a_board_that_is_off_refuses_everything_without_an_event() {
    let refused = (RefusalKind::Invalid, INVALID_ACTION, None);
    let off = Board { enabled: false, ..board() };
    for board in [off, Board::default()] {
        for action in [pass("agent"), offer("agent"), Action::Accept, Action::Release] {
            for caller in [APP, caller(BOT), STRANGER] {
                let refusal = apply(&board, held(BOT), caller, &action).unwrap_err();
                assert_eq!(refusal.reason, RefusalReason::BoardDisabled);
                assert_eq!((refusal.kind(), refusal.code().as_str(), refusal.failure_event()), refused);
            }
        }
    }
}

#[test]
fn a_seat_whose_member_is_gone_counts_as_empty() {
    const GONE: Seat = Seat(77);
    let stale = state(Some(GONE), Some(AGENT));
    let passed = run(stale, APP, &pass("bot")).unwrap();
    assert_eq!(passed.change.unwrap().previous, state(None, Some(AGENT)));
    // A repeated offer is no change, but the state it answers with is already clean.
    assert_eq!(
        run(stale, APP, &offer("agent")),
        Ok(Transition { control: state(None, Some(AGENT)), change: None })
    );
    assert_eq!(run(held(GONE), APP, &Action::Release).unwrap().change, None);
    let orphaned = run(state(Some(BOT), Some(GONE)), APP, &Action::Accept).unwrap_err();
    assert_eq!(orphaned.reason, RefusalReason::NothingPending);
    let ghost = run(held(GONE), caller(GONE), &Action::Release).unwrap_err();
    assert_eq!(ghost.reason, RefusalReason::NotActive);
}
