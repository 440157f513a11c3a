//! ListSwitchboardIntegrations:
//! `GET /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations`.

use hub::Thing;
use wire::sunshine::types::SwitchboardIntegrationListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_switchboard_integrations(call: AppCall) -> Result<Reply> {
    let board = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let found = call.request.hub.list_switchboard_integrations(&call.grant, board).await?;
    let switchboard_integrations = found.iter().map(show::switchboard::member).collect();
    Ok(Reply::ok(&SwitchboardIntegrationListResponse { switchboard_integrations }))
}
