//! Devices of the messenger's client (sunshine-v2.md §4.8); read-only.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

string_enum! {
    /// The platform of a device.
    pub enum DeviceType {
        Android = "android",
        Ios = "ios",
        Web = "web",
    }
}

string_enum! {
    /// Whether a device is in use.
    pub enum DeviceStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

/// A device below an `sdk` client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Its id.
    pub id: String,
    /// Its platform.
    #[serde(rename = "type")]
    pub kind: DeviceType,
    /// Its own unique name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The client that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Whether it is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<DeviceStatus>,
    /// The integration that it came through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// When it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// Where push notifications go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_notification_token: Option<String>,
    /// Facts about the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<Map<String, Value>>,
    /// Version of the app on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
}

/// Reply of GetDevice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceResponse {
    /// The device.
    pub device: Device,
}

/// Reply of ListDevices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceListResponse {
    /// The devices, the last seen first.
    pub devices: Vec<Device>,
}
