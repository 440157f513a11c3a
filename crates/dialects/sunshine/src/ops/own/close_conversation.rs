//! CloseConversation: `POST /v2/apps/{appId}/conversations/{conversationId}/close`.

use hub::{ConversationView, Thing};
use wire::crosspoint::types::ConversationStateResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn close_conversation(call: AppCall) -> Result<Reply> {
    let view = call.request.hub.close_conversation(&call.grant, call.conversation()?).await?;
    Ok(with_state(&view))
}

/// Answers a repeat of closing or reopening.
pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Conversation)?;
    Ok(with_state(&repeat.hub.conversation(&repeat.grant, id).await?))
}

pub(super) fn with_state(view: &ConversationView) -> Reply {
    Reply::ok(&ConversationStateResponse { conversation: show::conversation::with_state(view) })
}
