//! The four control actions and what each may change (sunshine-v2.md §8.5).

use crate::error_code::ErrorCode;

use super::{Board, Caller, Control, Reference, ReferenceError, ResolvedBy, Seat, resolve};

/// A control action as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make the target active, now.
    Pass {
        /// Who shall be in control.
        target: Reference,
    },
    /// Make the target pending until it accepts; an earlier offer is void.
    Offer {
        /// Who shall be asked.
        target: Reference,
    },
    /// Make the pending seat active.
    Accept,
    /// Leave the conversation without anybody in control.
    Release,
}

impl Action {
    /// Which of the four it is.
    pub fn kind(&self) -> ControlKind {
        match self {
            Action::Pass { .. } => ControlKind::PassControl,
            Action::Offer { .. } => ControlKind::OfferControl,
            Action::Accept => ControlKind::AcceptControl,
            Action::Release => ControlKind::ReleaseControl,
        }
    }
}

/// The kinds of control actions and of the events that tell their success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlKind {
    /// Control was given to a seat.
    PassControl,
    /// Control was offered to a seat.
    OfferControl,
    /// The offered seat took control.
    AcceptControl,
    /// Control was given up.
    ReleaseControl,
}

/// The kinds of events that tell a refusal. A release has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A pass was refused.
    PassControl,
    /// An offer was refused.
    OfferControl,
    /// An accept was refused.
    AcceptControl,
}

/// The outcome of an action that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state from now on; its seats are members.
    pub control: Control,
    /// What to store and tell; `None` when the action found its result already there: nothing is
    /// stored, no event written, the caller's metadata dropped.
    pub change: Option<Change>,
}

/// A change of control, told by one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ControlKind,
    /// The state before it, without seats of members that are gone.
    pub previous: Control,
    /// The seat that receives control or the offer; `None` for a release.
    pub target: Option<Seat>,
}

/// An action that was refused; nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The action.
    pub action: ControlKind,
    /// Why not.
    pub reason: RefusalReason,
}

/// Why an action was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusalReason {
    /// There is no switchboard, or it is off.
    #[error("the switchboard is not enabled")]
    BoardDisabled,
    /// The target names nobody, several, or a successor that is not there.
    #[error(transparent)]
    Target(#[from] ReferenceError),
    /// Control was offered to the seat that has it.
    #[error("the target of an offer must not be the active switchboard integration")]
    TargetIsActive,
    /// There is no offer to accept.
    #[error("no switchboard integration is pending")]
    NothingPending,
    /// Under integration scope only members may give or offer control.
    #[error("the calling integration is no member of the switchboard")]
    NotMember,
    /// Under integration scope only the pending seat may accept.
    #[error("the calling integration is not the pending one")]
    NotPending,
    /// Under integration scope only the active seat may release.
    #[error("the calling integration is not the active one")]
    NotActive,
}

/// What a refusal means to the caller, without a protocol's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request cannot be carried out (400).
    Invalid,
    /// The target does not exist (404).
    NotFound,
    /// This caller may not (403).
    Forbidden,
}

impl Refusal {
    /// What it means to the caller.
    pub fn kind(&self) -> RefusalKind {
        match self.reason {
            RefusalReason::Target(ReferenceError::Unknown) => RefusalKind::NotFound,
            RefusalReason::NotMember | RefusalReason::NotPending | RefusalReason::NotActive => {
                RefusalKind::Forbidden
            }
            _ => RefusalKind::Invalid,
        }
    }

    /// The stable code, the same in the reply and in the failure event (§2.4, §2.5).
    pub fn code(&self) -> ErrorCode {
        match self.reason {
            RefusalReason::BoardDisabled | RefusalReason::NothingPending => {
                ErrorCode::SwitchboardInvalidAction
            }
            RefusalReason::Target(_) | RefusalReason::TargetIsActive => ErrorCode::SwitchboardInvalidTarget,
            RefusalReason::NotMember | RefusalReason::NotPending | RefusalReason::NotActive => {
                ErrorCode::Forbidden
            }
        }
    }

    /// The event that tells the refusal. None where the caller had no right, since nothing was
    /// tried, and none without a switchboard, since nobody takes part in one.
    pub fn failure_event(&self) -> Option<FailureKind> {
        if self.kind() == RefusalKind::Forbidden || self.reason == RefusalReason::BoardDisabled {
            return None;
        }
        match self.action {
            ControlKind::PassControl => Some(FailureKind::PassControl),
            ControlKind::OfferControl => Some(FailureKind::OfferControl),
            ControlKind::AcceptControl => Some(FailureKind::AcceptControl),
            ControlKind::ReleaseControl => None,
        }
    }
}

/// Carries out an action. Seats of members that are gone count as empty from the start.
///
/// Under integration scope pass and offer are open to every member, accept belongs to the pending seat and
/// release to the active one, whatever else would be wrong.
pub fn apply(
    board: &Board,
    control: Control,
    caller: Caller,
    action: &Action,
) -> Result<Transition, Refusal> {
    let refuse = |reason| Refusal { action: action.kind(), reason };
    if !board.enabled {
        return Err(refuse(RefusalReason::BoardDisabled));
    }
    let control = board.seated(control);
    let outcome = match action {
        Action::Pass { target } => pass(board, control, caller, target),
        Action::Offer { target } => offer(board, control, caller, target),
        Action::Accept => accept(control, caller),
        Action::Release => release(control, caller),
    };
    outcome.map_err(refuse)
}

/// Everybody but the target goes on standby, so a standing offer is a reason to act even when the
/// target is active already. The exception is a caller's own `next`: that may be the late repeat of
/// a call that succeeded, and repeats of it are always harmless.
fn pass(
    board: &Board,
    control: Control,
    caller: Caller,
    target: &Reference,
) -> Result<Transition, RefusalReason> {
    check_member(board, caller)?;
    let target = resolve(board, control, caller, &target.0)?;
    let is_active = control.active() == Some(target.seat);
    if is_active && (control.pending().is_none() || target.by == ResolvedBy::OwnNext) {
        return Ok(unchanged(control));
    }
    Ok(changed(ControlKind::PassControl, control, Control::held_by(target.seat), Some(target.seat)))
}

fn offer(
    board: &Board,
    control: Control,
    caller: Caller,
    target: &Reference,
) -> Result<Transition, RefusalReason> {
    check_member(board, caller)?;
    let target = resolve(board, control, caller, &target.0)?.seat;
    if control.pending() == Some(target) {
        return Ok(unchanged(control));
    }
    let after = Control::new(control.active(), Some(target)).map_err(|_| RefusalReason::TargetIsActive)?;
    Ok(changed(ControlKind::OfferControl, control, after, Some(target)))
}

fn check_member(board: &Board, caller: Caller) -> Result<(), RefusalReason> {
    match caller {
        Caller::Business => Ok(()),
        Caller::Seat(Some(seat)) if board.has(seat) => Ok(()),
        Caller::Seat(_) => Err(RefusalReason::NotMember),
    }
}

fn accept(control: Control, caller: Caller) -> Result<Transition, RefusalReason> {
    match (control.pending(), caller) {
        (Some(pending), Caller::Seat(Some(seat))) if seat == pending => {}
        (_, Caller::Seat(_)) => return Err(RefusalReason::NotPending),
        (_, Caller::Business) => {}
    }
    let pending = control.pending().ok_or(RefusalReason::NothingPending)?;
    Ok(changed(ControlKind::AcceptControl, control, Control::held_by(pending), Some(pending)))
}

fn release(control: Control, caller: Caller) -> Result<Transition, RefusalReason> {
    match (control.active(), caller) {
        (Some(active), Caller::Seat(Some(seat))) if seat == active => {}
        (_, Caller::Seat(_)) => return Err(RefusalReason::NotActive),
        (None, Caller::Business) => return Ok(unchanged(control)),
        (Some(_), Caller::Business) => {}
    }
    Ok(changed(ControlKind::ReleaseControl, control, Control::NONE, None))
}

fn unchanged(control: Control) -> Transition {
    Transition { control, change: None }
}

fn changed(kind: ControlKind, previous: Control, control: Control, target: Option<Seat>) -> Transition {
    Transition { control, change: Some(Change { kind, previous, target }) }
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;
