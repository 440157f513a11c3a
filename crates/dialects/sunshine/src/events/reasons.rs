//! Why things happened, in the words of the description (sunshine-v2.md §9.6). No event has a reason of
//! another family; where one is missing all the same, the word is empty.

use model::event::{self, Reason};
use wire::sunshine::types::{
    ClientAddReason, ClientRemoveReason, ClientUpdateReason, ControlReason, CreationReason, UserMergeReason,
    UserUpdateReason,
};

pub(super) fn creation(reason: Option<Reason>) -> CreationReason {
    use event::CreationReason as R;
    let Some(Reason::Creation(reason)) = reason else { return CreationReason::None };
    match reason {
        R::ByCaller => CreationReason::None,
        R::Message => CreationReason::Message,
        R::StartConversation => CreationReason::StartConversation,
        R::LinkRequest => CreationReason::LinkRequest,
    }
}

pub(super) fn client_add(reason: Option<Reason>) -> ClientAddReason {
    use event::ClientAddReason as R;
    let Some(Reason::ClientAdd(reason)) = reason else { return ClientAddReason::from("") };
    match reason {
        R::ChannelLinking => ClientAddReason::ChannelLinking,
    }
}

pub(super) fn client_remove(reason: Option<Reason>) -> ClientRemoveReason {
    use event::ClientRemoveReason as R;
    let Some(Reason::ClientRemove(reason)) = reason else { return ClientRemoveReason::from("") };
    match reason {
        R::ByCaller => ClientRemoveReason::Api,
        R::LinkCancelled => ClientRemoveReason::LinkCancelled,
        R::LinkFailed => ClientRemoveReason::LinkFailed,
        R::Theft => ClientRemoveReason::Theft,
    }
}

pub(super) fn client_update(reason: Option<Reason>) -> ClientUpdateReason {
    use event::ClientUpdateReason as R;
    let Some(Reason::ClientUpdate(reason)) = reason else { return ClientUpdateReason::from("") };
    match reason {
        R::Matched => ClientUpdateReason::Matched,
        R::Confirmed => ClientUpdateReason::Confirmed,
        R::Blocked => ClientUpdateReason::Blocked,
        R::Unblocked => ClientUpdateReason::Unblocked,
    }
}

pub(super) fn user_merge(reason: Option<Reason>) -> UserMergeReason {
    use event::UserMergeReason as R;
    let Some(Reason::UserMerge(reason)) = reason else { return UserMergeReason::from("") };
    match reason {
        R::ByCaller => UserMergeReason::Api,
        R::ChannelLinking => UserMergeReason::ChannelLinking,
    }
}

pub(super) fn user_update(reason: Option<Reason>) -> UserUpdateReason {
    use event::UserUpdateReason as R;
    let Some(Reason::UserUpdate(reason)) = reason else { return UserUpdateReason::from("") };
    match reason {
        R::LocaleDetection => UserUpdateReason::LocaleDetection,
    }
}

/// Callers need not say why they pass or release control.
pub(super) fn control(reason: Option<Reason>) -> Option<ControlReason> {
    use event::ControlReason as R;
    let Some(Reason::Control(reason)) = reason else { return None };
    Some(match reason {
        R::TicketClosed => ControlReason::TicketClosed,
        R::TransferToEmail => ControlReason::TransferToEmail,
    })
}
