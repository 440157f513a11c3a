//! ReplayDelivery: `POST /v2/apps/{appId}/deliveries/{deliveryId}/replay`.

use hub::{DeliveryView, Thing};
use wire::crosspoint::types::DeliveryResponse;

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn replay_delivery(call: AppCall) -> Result<Reply> {
    let id = call.request.params.id("deliveryId", Thing::Delivery)?;
    Ok(shown(&call.request.hub.replay_delivery(&call.grant, id).await?))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let id = repeat.id(Thing::Delivery)?;
    Ok(shown(&repeat.hub.delivery(&repeat.grant, id).await?))
}

fn shown(view: &DeliveryView) -> Reply {
    Reply::ok(&DeliveryResponse { delivery: show::delivery::delivery(view) })
}
