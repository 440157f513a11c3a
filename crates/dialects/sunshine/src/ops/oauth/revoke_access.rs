//! RevokeAccess: `DELETE /oauth/authorization`. A partner gives its access to the app back.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn revoke_access(call: AppCall) -> Result<Reply> {
    call.request.hub.revoke_oauth(&call.grant).await?;
    Ok(Reply::empty())
}
