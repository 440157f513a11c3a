//! ReopenConversation: `POST /v2/apps/{appId}/conversations/{conversationId}/reopen`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn reopen_conversation(call: AppCall) -> Result<Reply> {
    let view = call.request.hub.reopen_conversation(&call.grant, call.conversation()?).await?;
    Ok(super::close_conversation::with_state(&view))
}
