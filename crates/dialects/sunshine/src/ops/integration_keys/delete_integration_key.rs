//! DeleteCustomIntegrationKey: `DELETE /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_integration_key(call: AppCall) -> Result<Reply> {
    let params = &call.request.params;
    let integration = params.id("integrationId", Thing::Integration)?;
    call.request.hub.delete_integration_key(&call.grant, integration, params.text("keyId")).await?;
    Ok(Reply::empty())
}
