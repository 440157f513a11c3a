//! CreateAppKey: `POST /v2/apps/{appId}/keys`.

use wire::sunshine::types::KeyResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_app_key(call: AppCall) -> Result<Reply> {
    let name = call.body(validate::key::create)?;
    let made = call.request.hub.create_app_key(&call.grant, &name).await?;
    Ok(Reply::created(&KeyResponse { key: show::key::new(&made) }))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let made = repeat.hub.app_key_with_secret(&repeat.grant, &repeat.result).await?;
    Ok(Reply::created(&KeyResponse { key: show::key::new(&made) }))
}
