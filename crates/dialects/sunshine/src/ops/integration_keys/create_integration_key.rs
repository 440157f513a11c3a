//! CreateCustomIntegrationKey: `POST /v2/apps/{appId}/integrations/{integrationId}/keys`.

use hub::Thing;
use wire::sunshine::types::KeyResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_integration_key(call: AppCall) -> Result<Reply> {
    let integration = call.request.params.id("integrationId", Thing::Integration)?;
    let hub = &call.request.hub;
    let name = call.body_below(hub.integration(&call.grant, integration), validate::key::create).await?;
    let made = hub.create_integration_key(&call.grant, integration, &name).await?;
    Ok(Reply::created(&KeyResponse { key: show::key::new(&made) }))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let integration = repeat.params.id("integrationId", Thing::Integration)?;
    let made = repeat.hub.integration_key_with_secret(&repeat.grant, integration, &repeat.result).await?;
    Ok(Reply::created(&KeyResponse { key: show::key::new(&made) }))
}
