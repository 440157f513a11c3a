//! GetAppKey: `GET /v2/apps/{appId}/keys/{keyId}`.

use wire::sunshine::types::KeyResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_app_key(call: AppCall) -> Result<Reply> {
    let view = call.request.hub.app_key(&call.grant, call.request.params.text("keyId")).await?;
    Ok(Reply::ok(&KeyResponse { key: show::key::view(&view) }))
}
