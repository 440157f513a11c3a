//! CreateClient: `POST /v2/apps/{appId}/users/{userIdOrExternalId}/clients`.

use hub::Thing;
use model::record::Client;
use wire::sunshine::types::ClientResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_client(call: AppCall) -> Result<Reply> {
    let user = call.user();
    let draft = call.body_below(call.request.hub.user(&call.grant, &user), validate::client::create).await?;
    let client = call.request.hub.create_client(&call.grant, user, draft).await?;
    Ok(created(&client))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Client)?;
    Ok(created(&repeat.hub.client(&repeat.grant, &repeat.user(), id).await?))
}

fn created(client: &Client) -> Reply {
    Reply::created(&ClientResponse { client: show::client::client(client) })
}
