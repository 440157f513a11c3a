//! ListDeliveries: `GET /v2/apps/{appId}/deliveries`.

use wire::crosspoint::types::DeliveryListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_deliveries(call: AppCall) -> Result<Reply> {
    let page = call.request.hub.list_deliveries(&call.grant, call.request.query.page()?).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |view| view.id);
    let deliveries = page.items.iter().map(show::delivery::delivery).collect();
    Ok(Reply::ok(&DeliveryListResponse { deliveries, meta, links }))
}
