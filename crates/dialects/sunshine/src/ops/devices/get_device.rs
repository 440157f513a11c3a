//! GetDevice: `GET /v2/apps/{appId}/users/{userIdOrExternalId}/devices/{deviceId}`.

use hub::Thing;
use wire::sunshine::types::DeviceResponse;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn get_device(call: AppCall) -> Result<Reply> {
    let user = call.user();
    let Ok(device) = call.request.params.id("deviceId", Thing::Device) else {
        call.request.hub.user(&call.grant, &user).await?;
        return Err(ApiError::not_found(Thing::Device));
    };
    let device = call.request.hub.device(&call.grant, &user, device).await?;
    Ok(Reply::ok(&DeviceResponse { device: show::device::device(&device) }))
}
