//! ListIntegrations: `GET /v2/apps/{appId}/integrations`.

use wire::sunshine::types::IntegrationListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_integrations(call: AppCall) -> Result<Reply> {
    let query = &call.request.query;
    let types = query.nested("filter", "types")?;
    let types = types.map(|types| types.split(',').map(|kind| kind.trim().to_owned()).collect::<Vec<_>>());
    let page = call.request.hub.list_integrations(&call.grant, types.as_deref(), query.page()?).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |view| view.integration.id);
    let integrations = page.items.iter().map(show::integration::integration).collect();
    Ok(Reply::ok(&IntegrationListResponse { integrations, meta, links }))
}
