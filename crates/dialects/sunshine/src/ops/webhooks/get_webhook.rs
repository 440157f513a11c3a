//! GetWebhook: `GET /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`.

use hub::Thing;
use wire::sunshine::types::WebhookResponse;

use super::owner;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_webhook(call: AppCall) -> Result<Reply> {
    let owner = owner(&call.grant, &call.request.params)?;
    let id = call.request.params.id("webhookId", Thing::Webhook)?;
    let view = call.request.hub.webhook(&call.grant, owner, id).await?;
    Ok(Reply::ok(&WebhookResponse { webhook: show::webhook::webhook(&view) }))
}
