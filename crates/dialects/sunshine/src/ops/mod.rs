//! One file per operation, by area; the table of which function is behind which operation.

mod apps;
mod conversations;

use futures::FutureExt;

use crate::http::call::{Answer, AppCall, CallerCall, Handler, OpenCall, Repeat};
use crate::http::reply::Reply;

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
        "GetApp" => App apps::get_app::get_app;
        "GetConversation" => App conversations::get_conversation::get_conversation;
    }
}

/// Answers a repeat under the same idempotency key: the thing as it is now.
pub(crate) fn replay(operation: &str, repeat: Repeat) -> Answer {
    match operation {
        // Actions have no thing to show.
        _ => async move { drop(repeat); Ok(Reply::empty()) }.boxed(),
    }
}
