//! GetConversation: `GET /v2/apps/{appId}/conversations/{conversationId}`.

use wire::sunshine::types::ConversationResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_conversation(call: AppCall) -> Result<Reply> {
    let view = call.request.hub.conversation(&call.grant, call.conversation()?).await?;
    Ok(Reply::ok(&ConversationResponse { conversation: show::conversation::conversation(&view) }))
}
