//! DeleteUser: `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_user(call: AppCall) -> Result<Reply> {
    call.request.hub.delete_user(&call.grant, call.user()).await?;
    Ok(Reply::empty())
}
