//! UpdateIntegration: `PATCH /v2/apps/{appId}/integrations/{integrationId}`. The body names no type:
//! the stored one says what may change.

use hub::Thing;
use wire::sunshine::types::IntegrationResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_integration(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("integrationId", Thing::Integration)?;
    let hub = &call.request.hub;
    let kind = hub.integration(&call.grant, id).await?.integration.kind;
    let patch = call.body(|body| validate::integration::update(&kind, body))?;
    let view = hub.update_integration(&call.grant, id, patch).await?;
    Ok(Reply::ok(&IntegrationResponse { integration: show::integration::integration(&view) }))
}
