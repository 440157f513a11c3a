//! Random boards and sequences of actions against a second reading of the rules.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const SEATS: i64 = 6;
const TYPES: [&str; 3] = ["custom", "partner-a", "partner-b"];

#[derive(Clone, Debug)]
enum Step {
    Act(Caller, Action),
    Customer(Option<Seat>),
    Remove(Seat, bool),
}

/// Any seat that might be named: members, non-members, now and then one that never was.
fn seat() -> impl Strategy<Value = Seat> {
    (1..=SEATS + 1).prop_map(Seat)
}

fn maybe_seat() -> impl Strategy<Value = Option<Seat>> {
    prop::option::of(seat())
}

fn board() -> impl Strategy<Value = Board> {
    let member = (any::<bool>(), maybe_seat(), 0..TYPES.len());
    let members = prop::collection::vec(member, SEATS as usize);
    (prop::bool::weighted(0.9), maybe_seat(), members).prop_map(|(enabled, default, members)| {
        let members =
            (1..).zip(members).filter(|(_, (sits, ..))| *sits).map(|(number, (_, next, kind))| Member {
                seat: Seat(number),
                id: format!("{number:024x}"),
                name: format!("member-{number}"),
                integration: Some(number),
                integration_id: None,
                integration_type: TYPES[kind].to_owned(),
                next,
                deliver_standby_events: false,
                message_history_count: None,
            });
        Board { enabled, default, members: members.collect() }
    })
}

fn control() -> impl Strategy<Value = Control> {
    (maybe_seat(), maybe_seat())
        .prop_filter_map("active and pending differ", |(active, pending)| Control::new(active, pending).ok())
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        seat().prop_map(|seat| Reference(format!("{:024x}", seat.0))),
        seat().prop_map(|seat| Reference(format!("member-{}", seat.0))),
        prop::sample::select(&TYPES[..]).prop_map(Reference::from),
        Just(Reference::from(NEXT_KEYWORD)),
        "[a-z]{0,8}".prop_map(Reference),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        reference().prop_map(|target| Action::Pass { target }),
        reference().prop_map(|target| Action::Offer { target }),
        Just(Action::Accept),
        Just(Action::Release),
    ]
}

fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![Just(Caller::Business), maybe_seat().prop_map(Caller::Seat)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (caller(), action()).prop_map(|(caller, action)| Step::Act(caller, action)),
        2 => maybe_seat().prop_map(Step::Customer),
        1 => (seat(), any::<bool>()).prop_map(|(seat, reassign)| Step::Remove(seat, reassign)),
    ]
}

/// The rules told once more, from the result: what a change of each kind must look like.
fn is_known(change: &Change, after: Control) -> bool {
    let (before, seats) = (change.previous, (after.active(), after.pending()));
    match change.kind {
        ControlKind::PassControl => change.target.is_some() && seats == (change.target, None),
        ControlKind::OfferControl => change.target.is_some() && seats == (before.active(), change.target),
        ControlKind::AcceptControl => {
            change.target.is_some() && change.target == before.pending() && seats == (before.pending(), None)
        }
        ControlKind::ReleaseControl => before.active().is_some() && seats == (None, None),
    }
}

fn check_state(board: &Board, control: Control) -> Result<(), TestCaseError> {
    let seats: Vec<Seat> = control.active().into_iter().chain(control.pending()).collect();
    prop_assert!(seats.iter().all(|seat| board.has(*seat)), "{control:?} names a seat that is not there");
    prop_assert!(seats.len() < 2 || seats[0] != seats[1], "{control:?} has one seat twice");
    Ok(())
}

fn check_action(
    board: &Board,
    before: Control,
    caller: Caller,
    action: &Action,
) -> Result<Control, TestCaseError> {
    let clean = board.seated(before);
    let outcome = apply(board, before, caller, action);
    prop_assert_eq!(&outcome, &apply(board, clean, caller, action), "stale seats matter");
    let Transition { control, change } = match outcome {
        Ok(transition) => transition,
        Err(refusal) => {
            prop_assert_eq!(refusal.action, action.kind());
            prop_assert_eq!(
                refusal.kind() == RefusalKind::Forbidden,
                matches!(
                    refusal.reason,
                    RefusalReason::NotMember | RefusalReason::NotActive | RefusalReason::NotPending
                )
            );
            return Ok(before);
        }
    };
    prop_assert!(board.enabled);
    check_state(board, control)?;
    match change {
        None => prop_assert_eq!(control, clean),
        Some(change) => {
            prop_assert_eq!(change.previous, clean);
            prop_assert_eq!(change.kind, action.kind());
            prop_assert_ne!(control, clean, "an event without a change");
            prop_assert!(is_known(&change, control), "{:?} to {:?}", change, control);
        }
    }
    check_right(board, clean, caller, action)?;
    check_repeat(board, control, caller, action)?;
    Ok(control)
}

/// Under integration scope an accept that succeeded came from the pending, a release from the
/// active seat, a pass or an offer from a member.
fn check_right(board: &Board, before: Control, caller: Caller, action: &Action) -> Result<(), TestCaseError> {
    if let Caller::Seat(seat) = caller {
        match action {
            Action::Accept => prop_assert!(seat.is_some() && seat == before.pending()),
            Action::Release => prop_assert!(seat.is_some() && seat == before.active()),
            Action::Pass { .. } | Action::Offer { .. } => {
                prop_assert!(seat.is_some_and(|seat| board.has(seat)))
            }
        }
    }
    Ok(())
}

/// Repeating what succeeded changes nothing, but for `next` of the business, which moves on, and for accept
/// and release under integration scope, whose right is used up.
fn check_repeat(board: &Board, after: Control, caller: Caller, action: &Action) -> Result<(), TestCaseError> {
    let again = apply(board, after, caller, action);
    match action {
        Action::Pass { target } if target.0 == NEXT_KEYWORD && caller == Caller::Business => {
            let stepped = after.active().and_then(|active| board.next_of(active));
            prop_assert_eq!(again.ok().and_then(|again| again.control.active()), stepped);
        }
        Action::Pass { .. } | Action::Offer { .. } => {
            prop_assert_eq!(again, Ok(Transition { control: after, change: None }));
        }
        Action::Accept => prop_assert!(again.is_err()),
        Action::Release if caller == Caller::Business => {
            prop_assert_eq!(again, Ok(Transition { control: after, change: None }));
        }
        Action::Release => prop_assert!(again.is_err()),
    }
    Ok(())
}

fn check_assignment(
    board: &Board,
    before: Control,
    responder: Option<Seat>,
) -> Result<Control, TestCaseError> {
    let clean = board.seated(before);
    let Some(after) = assign(board, before, responder) else {
        let candidate = responder.into_iter().chain(board.default).any(|seat| board.has(seat));
        prop_assert!(!board.enabled || clean.active().is_some() || !candidate);
        return Ok(before);
    };
    check_state(board, after)?;
    prop_assert!(board.enabled && clean.active().is_none());
    prop_assert!(after.active() == responder || after.active() == board.default);
    prop_assert!(after.pending() == clean.pending() || after.active() == clean.pending());
    prop_assert_eq!(assign(board, after, responder), None);
    Ok(after)
}

fn check_removal(board: &Board, seat: Seat, reassign: bool) -> Result<Board, TestCaseError> {
    let changes = match remove_member(board, seat, reassign) {
        Ok(changes) => changes,
        Err(RemovalRefusal::NotAMember) => {
            prop_assert!(!board.has(seat));
            return Ok(board.clone());
        }
        Err(_) => {
            prop_assert!(!reassign);
            return Ok(board.clone());
        }
    };
    if !reassign {
        prop_assert!(changes.default == board.default && changes.next.is_empty());
    }
    let mut left = board.clone();
    left.members.retain(|member| member.seat != seat);
    left.default = changes.default;
    for (of, next) in &changes.next {
        prop_assert_ne!(Some(*of), *next);
        left.members.iter_mut().find(|member| member.seat == *of).unwrap().next = *next;
    }
    prop_assert_ne!(left.default, Some(seat));
    prop_assert!(left.members.iter().all(|member| member.next != Some(seat)));
    Ok(left)
}

proptest! {
    #[test]
    fn no_sequence_leaves_the_rules(
        mut board in board(),
        mut control in control(),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        for step in steps {
            match step {
                Step::Act(caller, action) => control = check_action(&board, control, caller, &action)?,
                Step::Customer(responder) => control = check_assignment(&board, control, responder)?,
                Step::Remove(seat, reassign) => board = check_removal(&board, seat, reassign)?,
            }
        }
    }

    #[test]
    fn a_target_is_always_a_member(
        board in board(),
        control in control(),
        caller in caller(),
        target in reference(),
    ) {
        if let Ok(found) = resolve(&board, control, caller, &target.0) {
            prop_assert!(board.has(found.seat));
        }
    }
}
