//! ListWebhooks: `GET /v2/apps/{appId}/integrations/{integrationId}/webhooks`.

use wire::sunshine::types::WebhookListResponse;

use super::owner;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_webhooks(call: AppCall) -> Result<Reply> {
    let owner = owner(&call.grant, &call.request.params)?;
    let found = call.request.hub.list_webhooks(&call.grant, owner).await?;
    Ok(Reply::ok(&WebhookListResponse { webhooks: found.iter().map(show::webhook::webhook).collect() }))
}
