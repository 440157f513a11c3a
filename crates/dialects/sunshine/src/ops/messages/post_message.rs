//! PostMessage: `POST /v2/apps/{appId}/conversations/{conversationId}/messages`.

use hub::{Hub, MessageView, Thing};
use wire::sunshine::types::MessagePostOut;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn post_message(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let draft = call.body_for(conversation, validate::message::message).await?;
    let hub = &call.request.hub;
    Ok(created(hub, &hub.post_message(&call.grant, conversation, draft).await?))
}

/// The same with the store taken out, for the bench.
pub(crate) async fn post_message_without_store(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let draft = call.body_for(conversation, validate::message::message).await?;
    let hub = &call.request.hub;
    Ok(created(hub, &hub.post_message_without_store(&call.grant, conversation, draft).await?))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let conversation = repeat.params.id("conversationId", Thing::Conversation)?;
    let id = repeat.id(Thing::Message)?;
    Ok(created(&repeat.hub, &repeat.hub.message(&repeat.grant, conversation, id).await?))
}

fn created(hub: &Hub, view: &MessageView) -> Reply {
    Reply::created(&MessagePostOut { messages: vec![show::message::message(hub, view)] })
}
