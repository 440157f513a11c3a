//! UpdateConversation: `PATCH /v2/apps/{appId}/conversations/{conversationId}`.

use wire::sunshine::types::ConversationResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_conversation(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let patch = call.body_for(conversation, validate::conversation::update).await?;
    let view = call.request.hub.update_conversation(&call.grant, conversation, patch).await?;
    Ok(Reply::ok(&ConversationResponse { conversation: show::conversation::conversation(&view) }))
}
