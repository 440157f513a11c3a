//! GetApp: `GET /v2/apps/{appId}`.

use wire::sunshine::types::AppResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_app(call: AppCall) -> Result<Reply> {
    Ok(Reply::ok(&AppResponse { app: show::app::with_subdomain(&call.grant.app) }))
}
