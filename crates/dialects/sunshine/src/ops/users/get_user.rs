//! GetUser: `GET /v2/apps/{appId}/users/{userIdOrExternalId}`.

use super::shown;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn get_user(call: AppCall) -> Result<Reply> {
    let user = call.request.hub.user(&call.grant, &call.user()).await?;
    Ok(Reply::ok(&shown(&user)))
}
