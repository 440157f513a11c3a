//! DeleteAppKey: `DELETE /v2/apps/{appId}/keys/{keyId}`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_app_key(call: AppCall) -> Result<Reply> {
    call.request.hub.delete_app_key(&call.grant, call.request.params.text("keyId")).await?;
    Ok(Reply::empty())
}
