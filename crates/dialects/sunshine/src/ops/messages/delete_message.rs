//! DeleteMessage: `DELETE /v2/apps/{appId}/conversations/{conversationId}/messages/{messageId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_message(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let Ok(message) = call.request.params.id("messageId", Thing::Message) else {
        call.request.hub.conversation(&call.grant, conversation).await?;
        return Err(crate::http::error::ApiError::not_found(Thing::Message));
    };
    call.request.hub.delete_message(&call.grant, conversation, message).await?;
    Ok(Reply::empty())
}
