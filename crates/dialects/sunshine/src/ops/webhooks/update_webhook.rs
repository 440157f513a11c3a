//! UpdateWebhook: `PATCH /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`.

use hub::Thing;
use wire::sunshine::types::WebhookResponse;

use super::owner;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_webhook(call: AppCall) -> Result<Reply> {
    let owner = owner(&call.grant, &call.request.params)?;
    let id = call.request.params.id("webhookId", Thing::Webhook)?;
    let hub = &call.request.hub;
    let patch = call.body_below(hub.webhook(&call.grant, owner, id), validate::webhook::update).await?;
    let view = hub.update_webhook(&call.grant, owner, id, patch).await?;
    Ok(Reply::ok(&WebhookResponse { webhook: show::webhook::webhook(&view) }))
}
