//! DeleteConversation: `DELETE /v2/apps/{appId}/conversations/{conversationId}`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_conversation(call: AppCall) -> Result<Reply> {
    call.request.hub.delete_conversation(&call.grant, call.conversation()?).await?;
    Ok(Reply::empty())
}
