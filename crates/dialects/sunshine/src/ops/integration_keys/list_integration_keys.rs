//! ListCustomIntegrationKeys: `GET /v2/apps/{appId}/integrations/{integrationId}/keys`.

use hub::Thing;
use wire::sunshine::types::KeyListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_integration_keys(call: AppCall) -> Result<Reply> {
    let integration = call.request.params.id("integrationId", Thing::Integration)?;
    let keys = call.request.hub.list_integration_keys(&call.grant, integration).await?;
    Ok(Reply::ok(&KeyListResponse { keys: keys.iter().map(show::key::view).collect() }))
}
