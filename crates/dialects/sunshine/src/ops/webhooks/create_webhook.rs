//! CreateWebhook: `POST /v2/apps/{appId}/integrations/{integrationId}/webhooks`.

use hub::{Thing, WebhookView};
use wire::sunshine::types::WebhookResponse;

use super::owner;
use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_webhook(call: AppCall) -> Result<Reply> {
    let owner = owner(&call.grant, &call.request.params)?;
    let hub = &call.request.hub;
    let draft = call.body_below(hub.list_webhooks(&call.grant, owner), validate::webhook::create).await?;
    let view = hub.create_webhook(&call.grant, owner, draft).await?;
    Ok(created(&view))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let owner = owner(&repeat.grant, &repeat.params)?;
    let id = repeat.id(Thing::Webhook)?;
    Ok(created(&repeat.hub.webhook(&repeat.grant, owner, id).await?))
}

fn created(view: &WebhookView) -> Reply {
    Reply::created(&WebhookResponse { webhook: show::webhook::webhook(view) })
}
