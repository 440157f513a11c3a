//! CreateSwitchboard: `POST /v2/apps/{appId}/switchboards`.

use hub::{SwitchboardView, Thing};
use wire::sunshine::types::SwitchboardResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn create_switchboard(call: AppCall) -> Result<Reply> {
    Ok(created(&call.request.hub.create_switchboard(&call.grant).await?))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Switchboard)?;
    Ok(created(&repeat.hub.switchboard(&repeat.grant, id).await?))
}

fn created(view: &SwitchboardView) -> Reply {
    Reply::created(&SwitchboardResponse { switchboard: show::switchboard::switchboard(view) })
}
