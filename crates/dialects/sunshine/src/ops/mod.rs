//! One file per operation, by area; the table of which function is behind which operation.

mod activities;
mod attachments;
mod control;
mod conversations;
mod interim;
mod messages;
mod own;
mod participants;

use futures::FutureExt;

use crate::http::call::{Answer, AppCall, CallerCall, Handler, Repeat};
use crate::http::reply::Reply;

pub(crate) use messages::post_message::post_message_without_store;

macro_rules! bind {
    ($id:expr; $($operation:literal => $kind:ident $path:path;)*) => {
        match $id {
            $($operation => Some(bind!(@ $kind $path)),)*
            _ => None,
        }
    };
    (@ App $path:path) => { Handler::App(|call: AppCall| -> Answer { $path(call).boxed() }) };
    (@ Caller $path:path) => { Handler::Caller(|call: CallerCall| -> Answer { $path(call).boxed() }) };
    (@ Open $path:path) => { Handler::Open(|call: OpenCall| -> Answer { $path(call).boxed() }) };
}

/// The function behind an operation.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    bind! { operation;
        "CreateApp" => Caller interim::create_app;
        "CreateIntegration" => App interim::create_integration;
        "CreateSwitchboard" => App interim::create_switchboard;
        "UpdateSwitchboard" => App interim::update_switchboard;
        "CreateSwitchboardIntegration" => App interim::create_member;
        "CreateUser" => App interim::create_user;
        "UploadAttachment" => App attachments::upload_attachment::upload_attachment;
        "DeleteAttachment" => App attachments::delete_attachment::delete_attachment;
        "CreateConversation" => App conversations::create_conversation::create_conversation;
        "ListConversations" => App conversations::list_conversations::list_conversations;
        "GetConversation" => App conversations::get_conversation::get_conversation;
        "UpdateConversation" => App conversations::update_conversation::update_conversation;
        "DeleteConversation" => App conversations::delete_conversation::delete_conversation;
        "JoinConversation" => App participants::join_conversation::join_conversation;
        "ListParticipants" => App participants::list_participants::list_participants;
        "LeaveConversation" => App participants::leave_conversation::leave_conversation;
        "PostMessage" => App messages::post_message::post_message;
        "ListMessages" => App messages::list_messages::list_messages;
        "DeleteAllMessages" => App messages::delete_all_messages::delete_all_messages;
        "DeleteMessage" => App messages::delete_message::delete_message;
        "PostActivity" => App activities::post_activity::post_activity;
        "PassControl" => App control::pass_control::pass_control;
        "ReleaseControl" => App control::release_control::release_control;
        "OfferControl" => App control::offer_control::offer_control;
        "AcceptControl" => App control::accept_control::accept_control;
        "DownloadMessageRef" => App conversations::download_message_ref::download_message_ref;
        "PostConversionEvents" => App conversations::post_conversion_events::post_conversion_events;
        "CloseConversation" => App own::close_conversation::close_conversation;
        "ReopenConversation" => App own::reopen_conversation::reopen_conversation;
        "ListDeliveries" => App own::list_deliveries::list_deliveries;
        "ReplayDelivery" => App own::replay_delivery::replay_delivery;
        "ListEvents" => App own::list_events::list_events;
    }
}

/// Answers a repeat under the same idempotency key: the thing as it is now.
pub(crate) fn replay(operation: &str, repeat: Repeat) -> Answer {
    match operation {
        "CreateConversation" => conversations::create_conversation::replay(repeat).boxed(),
        "JoinConversation" => participants::join_conversation::replay(repeat).boxed(),
        "PostMessage" => messages::post_message::replay(repeat).boxed(),
        "CloseConversation" | "ReopenConversation" => own::close_conversation::replay(repeat).boxed(),
        "ReplayDelivery" => own::replay_delivery::replay(repeat).boxed(),
        // Actions have no thing to show.
        _ => async move {
            drop(repeat);
            Ok(Reply::empty())
        }
        .boxed(),
    }
}
