//! DeleteIntegration: `DELETE /v2/apps/{appId}/integrations/{integrationId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_integration(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("integrationId", Thing::Integration)?;
    call.request.hub.delete_integration(&call.grant, id).await?;
    Ok(Reply::empty())
}
