//! UpdateSwitchboard: `PATCH /v2/apps/{appId}/switchboards/{switchboardId}`.

use hub::Thing;
use wire::sunshine::types::SwitchboardResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_switchboard(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let hub = &call.request.hub;
    let patch = call.body_below(hub.switchboard(&call.grant, id), validate::switchboard::update).await?;
    let view = hub.update_switchboard(&call.grant, id, patch).await?;
    Ok(Reply::ok(&SwitchboardResponse { switchboard: show::switchboard::switchboard(&view) }))
}
