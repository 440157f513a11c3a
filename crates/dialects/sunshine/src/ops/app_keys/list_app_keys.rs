//! ListAppKeys: `GET /v2/apps/{appId}/keys`.

use wire::sunshine::types::KeyListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_app_keys(call: AppCall) -> Result<Reply> {
    let keys = call.request.hub.list_app_keys(&call.grant).await?;
    Ok(Reply::ok(&KeyListResponse { keys: keys.iter().map(show::key::view).collect() }))
}
