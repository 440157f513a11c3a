//! ListDevices: `GET /v2/apps/{appId}/users/{userIdOrExternalId}/devices`.

use wire::sunshine::types::DeviceListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_devices(call: AppCall) -> Result<Reply> {
    let devices = call.request.hub.list_devices(&call.grant, &call.user()).await?;
    Ok(Reply::ok(&DeviceListResponse { devices: devices.iter().map(show::device::device).collect() }))
}
