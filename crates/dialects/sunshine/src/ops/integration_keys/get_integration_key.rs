//! GetCustomIntegrationKey: `GET /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}`.

use hub::Thing;
use wire::sunshine::types::KeyResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_integration_key(call: AppCall) -> Result<Reply> {
    let params = &call.request.params;
    let integration = params.id("integrationId", Thing::Integration)?;
    let view = call.request.hub.integration_key(&call.grant, integration, params.text("keyId")).await?;
    Ok(Reply::ok(&KeyResponse { key: show::key::view(&view) }))
}
