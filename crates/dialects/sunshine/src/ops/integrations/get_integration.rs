//! GetIntegration: `GET /v2/apps/{appId}/integrations/{integrationId}`.

use hub::Thing;
use wire::sunshine::types::IntegrationResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_integration(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("integrationId", Thing::Integration)?;
    let view = call.request.hub.integration(&call.grant, id).await?;
    Ok(Reply::ok(&IntegrationResponse { integration: show::integration::integration(&view) }))
}
