//! RemoveClient: `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}/clients/{clientId}`.

use hub::Thing;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;

pub(crate) async fn remove_client(call: AppCall) -> Result<Reply> {
    let user = call.user();
    let Ok(client) = call.request.params.id("clientId", Thing::Client) else {
        call.request.hub.user(&call.grant, &user).await?;
        return Err(ApiError::not_found(Thing::Client));
    };
    call.request.hub.remove_client(&call.grant, user, client).await?;
    Ok(Reply::empty())
}
