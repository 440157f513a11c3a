//! ExotelSetDevices: `PUT /v2/integrations/{customer_id}/apps/{app_id}/users/{user_id}/devices`.

use hub::AgentDevices;
use wire::exotel::users::{DeviceChange, DeviceState, Devices};

use crate::http::call::{AppCall, Data, data};
use crate::http::error::Result;

pub(super) async fn set_devices(call: AppCall) -> Result<Data> {
    let DeviceChange { phone, sip } = call.request.json()?;
    let (hub, user) = (&call.request.hub, call.request.params.text("user_id"));
    let agent = hub.set_agent_devices(&call.grant, user, AgentDevices { phone, sip }).await?;
    data(&DeviceState {
        app_id: Some(call.grant.app.id.to_guid()),
        user_id: Some(agent.external_id),
        devices: Some(Devices { phone: agent.rings_phone, sip: agent.rings_sip }),
    })
}
