//! LeaveConversation: `POST /v2/apps/{appId}/conversations/{conversationId}/leave`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::validate;

pub(crate) async fn leave_conversation(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let leaver = call.body_for(conversation, validate::participant::leaver).await?;
    let Some(leaver) = leaver else {
        call.request.hub.conversation(&call.grant, conversation).await?;
        return Err(ApiError::not_found(Thing::Participant));
    };
    call.request.hub.leave_conversation(&call.grant, conversation, leaver).await?;
    Ok(Reply::empty())
}
