//! DeleteUserPersonalInformation:
//! `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}/personalinformation`.

use super::shown;
use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_user_personal_information(call: AppCall) -> Result<Reply> {
    let user = call.request.hub.delete_personal_information(&call.grant, call.user()).await?;
    Ok(Reply::ok(&shown(&user)))
}
