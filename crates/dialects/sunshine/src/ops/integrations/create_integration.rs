//! CreateIntegration: `POST /v2/apps/{appId}/integrations`.

use hub::{IntegrationView, Thing};
use wire::sunshine::types::IntegrationResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_integration(call: AppCall) -> Result<Reply> {
    let draft = call.body(validate::integration::create)?;
    let view = call.request.hub.create_integration(&call.grant, draft).await?;
    Ok(created(&view))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Integration)?;
    Ok(created(&repeat.hub.integration(&repeat.grant, id).await?))
}

fn created(view: &IntegrationView) -> Reply {
    Reply::created(&IntegrationResponse { integration: show::integration::integration(view) })
}
