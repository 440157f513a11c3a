//! Devices (sunshine-v2.md §4.8).

use model::record::Device;
use wire::sunshine::types::{self, DeviceStatus, DeviceType};

/// A device.
pub(crate) fn device(device: &Device) -> types::Device {
    types::Device {
        id: device.id.to_string(),
        kind: kind(&device.kind),
        guid: Some(device.guid.clone()),
        client_id: Some(device.client_id.to_string()),
        status: Some(if device.active { DeviceStatus::Active } else { DeviceStatus::Inactive }),
        integration_id: Some(device.integration_id.to_string()),
        last_seen: Some(device.last_seen.to_string()),
        push_notification_token: device.push_token.clone(),
        info: device.info.clone(),
        app_version: device.app_version.clone(),
    }
}

/// The platform; `unity` is not in the description and unreadable for clients.
fn kind(kind: &str) -> DeviceType {
    match kind {
        "unity" => DeviceType::Android,
        other => DeviceType::from(other),
    }
}
