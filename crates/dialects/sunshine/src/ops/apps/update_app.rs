//! UpdateApp: `PATCH /v2/apps/{appId}`.

use wire::sunshine::types::AppResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn update_app(call: AppCall) -> Result<Reply> {
    let patch = call.body(validate::app::update)?;
    let app = call.request.hub.update_app(&call.grant, patch).await?;
    Ok(Reply::ok(&AppResponse { app: show::app::app(&app) }))
}
