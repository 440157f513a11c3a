//! CreateSwitchboardIntegration:
//! `POST /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations`.

use hub::{MemberView, Thing};
use wire::sunshine::types::SwitchboardIntegrationResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_switchboard_integration(call: AppCall) -> Result<Reply> {
    let board = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let hub = &call.request.hub;
    let found = hub.switchboard(&call.grant, board);
    let draft = call.body_below(found, validate::switchboard::create_member).await?;
    let view = hub.create_switchboard_integration(&call.grant, board, draft).await?;
    Ok(created(&view))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let board = repeat.params.id("switchboardId", Thing::Switchboard)?;
    let id = repeat.id(Thing::SwitchboardIntegration)?;
    Ok(created(&repeat.hub.switchboard_integration(&repeat.grant, board, id).await?))
}

fn created(view: &MemberView) -> Reply {
    let switchboard_integration = show::switchboard::member(view);
    Reply::created(&SwitchboardIntegrationResponse { switchboard_integration })
}
