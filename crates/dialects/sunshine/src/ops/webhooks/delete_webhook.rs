//! DeleteWebhook: `DELETE /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`.

use hub::Thing;

use super::owner;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_webhook(call: AppCall) -> Result<Reply> {
    let owner = owner(&call.grant, &call.request.params)?;
    let id = call.request.params.id("webhookId", Thing::Webhook)?;
    call.request.hub.delete_webhook(&call.grant, owner, id).await?;
    Ok(Reply::empty())
}
