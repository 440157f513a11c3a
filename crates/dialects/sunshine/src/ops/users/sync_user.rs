//! SyncUser: `POST /v2/apps/{appId}/users/{zendeskId}/sync`. Only imported users have such an id.

use hub::{Thing, UserRef};
use wire::sunshine::types::SyncUserBody;

use super::shown;
use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn sync_user(call: AppCall) -> Result<Reply> {
    let (hub, zendesk_id) = (&call.request.hub, call.request.params.text("zendeskId"));
    let body: SyncUserBody = match call.request.json() {
        Ok(body) => body,
        Err(refusal) => {
            hub.user_by_zendesk_id(&call.grant, zendesk_id).await?;
            return Err(refusal);
        }
    };
    let user = hub.sync_user(&call.grant, zendesk_id, body.surviving_zendesk_id.as_deref()).await?;
    Ok(Reply::ok(&shown(&user)))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let user = UserRef::new(repeat.id(Thing::User)?.to_string());
    Ok(Reply::ok(&shown(&repeat.hub.user(&repeat.grant, &user).await?)))
}
