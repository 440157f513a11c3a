//! DeleteAllMessages: `DELETE /v2/apps/{appId}/conversations/{conversationId}/messages`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_all_messages(call: AppCall) -> Result<Reply> {
    call.request.hub.delete_all_messages(&call.grant, call.conversation()?).await?;
    Ok(Reply::empty())
}
