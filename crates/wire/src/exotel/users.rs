//! JSON types of the users of an app: people who answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Secret;

/// One of the users in the body of ExotelCreateUsers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserRequest {
    /// The caller's own id, often an e-mail address.
    pub app_user_id: String,
    /// Given name and surname, each longer than three letters.
    pub app_username: String,
    /// E-mail address.
    pub email: String,
    /// The account at the carrier.
    pub exotel_account_sid: String,
    /// Given name and surname at the carrier, each longer than three letters.
    pub exotel_user_name: String,
    /// The person's own telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_number: Option<String>,
    /// The business's number that the person speaks from.
    pub virtual_number: String,
}

/// A user of an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct User {
    /// Whose the app is.
    pub customer_id: String,
    /// The app.
    #[serde(rename = "AppID")]
    pub app_id: String,
    /// The caller's own id.
    pub app_user_id: String,
    /// The account at the carrier.
    pub exotel_account_sid: String,
    /// Our id.
    pub exotel_user_id: String,
    /// Given name and surname.
    pub app_username: String,
    /// Given name and surname at the carrier.
    pub exotel_user_name: String,
    /// The person's own telephone; empty when there is none.
    pub agent_number: String,
    /// The device on which the person is called.
    pub active_device_id: String,
    /// The person's telephone as a device.
    #[serde(rename = "PhoneDeviceID")]
    pub phone_device_id: String,
    /// The person's program as a device.
    #[serde(rename = "SipDeviceID")]
    pub sip_device_id: String,
    /// The business's number that the person speaks from.
    pub virtual_number: String,
    /// E-mail address.
    pub email: String,
    /// Whether the person can call; never, since there is no voice channel.
    pub outbound_active: bool,
    /// What the person may do: `user`.
    pub role: String,
    /// `sip:` and a name.
    pub sip_id: String,
    /// A random text in the form that the vendor's SDK decrypts. It opens nothing.
    pub sip_secret: Secret,
    /// Always true from us: whoever is removed is not found. The vendor's pages do not list it.
    pub is_active: Option<bool>,
    /// Nothing from us; the vendor's pages do not list it.
    pub user_detail: Option<Value>,
    /// When the user was added; the vendor's pages do not list it.
    pub created_at: Option<String>,
    /// When the user was last changed; the vendor's pages do not list it.
    pub updated_at: Option<String>,
    /// Whose the app is, once more: the vendor's SDK reads it here.
    #[serde(rename = "customer_id")]
    pub customer: String,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserPage {
    /// The users.
    pub users: Vec<User>,
    /// How many were asked for; the vendor's pages do not list it.
    pub page_size: Option<usize>,
    /// What the next page names as `last_value`; empty when there is none. The vendor's pages do not list it.
    #[serde(default)]
    pub last_evaluated_value: String,
}

/// Body of ExotelSetDevices: what is named changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceChange {
    /// Whether the person is called on the telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<bool>,
    /// Whether the person is called in the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sip: Option<bool>,
}

/// What ExotelSetDevices answers. All of it comes from us; what the vendor answers is not on its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceState {
    /// The app.
    pub app_id: Option<String>,
    /// The caller's own id of the person.
    pub user_id: Option<String>,
    /// The devices.
    pub devices: Option<Devices>,
}

/// On what a person is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// On the telephone.
    pub phone: bool,
    /// In the program.
    pub sip: bool,
}
