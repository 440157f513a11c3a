//! DeleteSwitchboardIntegration:
//! `DELETE /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_switchboard_integration(call: AppCall) -> Result<Reply> {
    let board = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let id = call.request.params.id("switchboardIntegrationId", Thing::SwitchboardIntegration)?;
    call.request.hub.delete_switchboard_integration(&call.grant, board, id).await?;
    Ok(Reply::empty())
}
