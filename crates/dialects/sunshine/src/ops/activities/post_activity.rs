//! PostActivity: `POST /v2/apps/{appId}/conversations/{conversationId}/activity`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate;

pub(crate) async fn post_activity(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let (kind, author) = call.body_for(conversation, validate::activity::activity).await?;
    call.request.hub.post_activity(&call.grant, conversation, kind, author).await?;
    Ok(Reply::empty())
}
