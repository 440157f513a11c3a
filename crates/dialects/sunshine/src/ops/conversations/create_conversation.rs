//! CreateConversation: `POST /v2/apps/{appId}/conversations`.

use hub::{ConversationView, Thing};
use wire::sunshine::types::ConversationResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_conversation(call: AppCall) -> Result<Reply> {
    let draft = call.body(validate::conversation::create)?;
    let view = call.request.hub.create_conversation(&call.grant, draft).await?;
    Ok(created(&view))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Conversation)?;
    Ok(created(&repeat.hub.conversation(&repeat.grant, id).await?))
}

fn created(view: &ConversationView) -> Reply {
    Reply::created(&ConversationResponse { conversation: show::conversation::conversation(view) })
}
