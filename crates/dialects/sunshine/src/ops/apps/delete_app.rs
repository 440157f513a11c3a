//! DeleteApp: `DELETE /v2/apps/{appId}`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_app(call: AppCall) -> Result<Reply> {
    call.request.hub.delete_app(&call.grant).await?;
    Ok(Reply::empty())
}
