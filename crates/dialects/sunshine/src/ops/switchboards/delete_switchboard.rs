//! DeleteSwitchboard: `DELETE /v2/apps/{appId}/switchboards/{switchboardId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_switchboard(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("switchboardId", Thing::Switchboard)?;
    call.request.hub.delete_switchboard(&call.grant, id).await?;
    Ok(Reply::empty())
}
