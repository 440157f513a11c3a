//! ListClients: `GET /v2/apps/{appId}/users/{userIdOrExternalId}/clients`.

use wire::sunshine::types::ClientListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_clients(call: AppCall) -> Result<Reply> {
    let page = call.request.query.page()?;
    let page = call.request.hub.list_clients(&call.grant, &call.user(), page).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |client| client.id);
    let clients = page.items.iter().map(show::client::client).collect();
    Ok(Reply::ok(&ClientListResponse { clients, meta, links }))
}
