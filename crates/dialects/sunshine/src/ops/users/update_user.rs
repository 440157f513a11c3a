//! UpdateUser: `PATCH /v2/apps/{appId}/users/{userIdOrExternalId}`.

use super::shown;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate;

pub(crate) async fn update_user(call: AppCall) -> Result<Reply> {
    let user = call.user();
    let patch = call.body_below(call.request.hub.user(&call.grant, &user), validate::user::update).await?;
    let user = call.request.hub.update_user(&call.grant, user, patch).await?;
    Ok(Reply::ok(&shown(&user)))
}
