//! UpdateSwitchboardIntegration:
//! `PATCH /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}`.

use hub::Thing;
use wire::sunshine::types::SwitchboardIntegrationResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_switchboard_integration(call: AppCall) -> Result<Reply> {
    let board = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let id = call.request.params.id("switchboardIntegrationId", Thing::SwitchboardIntegration)?;
    let hub = &call.request.hub;
    let found = hub.switchboard_integration(&call.grant, board, id);
    let patch = call.body_below(found, validate::switchboard::update_member).await?;
    let view = hub.update_switchboard_integration(&call.grant, board, id, patch).await?;
    let switchboard_integration = show::switchboard::member(&view);
    Ok(Reply::ok(&SwitchboardIntegrationResponse { switchboard_integration }))
}
