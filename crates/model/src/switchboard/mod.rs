//! Who is in control of a conversation: the switchboard as a pure state machine
//! (sunshine-v2.md §8). The caller loads a [`Board`] and the conversation's [`Control`], asks for a
//! transition and stores what comes back together with its event.

mod assignment;
mod reference;
mod state;
mod transition;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod worked_example;

pub use assignment::{BoardChanges, RemovalRefusal, assign, remove_member};
pub use reference::{NEXT_KEYWORD, Reference, ReferenceError, Resolved, ResolvedBy, resolve};
pub use state::{Board, Caller, Control, InvalidControl, Member, Seat};
pub use transition::{
    Action, Change, ControlKind, FailureKind, Refusal, RefusalKind, RefusalReason, Transition, apply,
};
