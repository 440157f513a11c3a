//! JSON types of Exotel's integrations core. Names are in PascalCase, ids are GUIDs in lower case,
//! times RFC 3339.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Secret;
use crate::string_enum::string_enum;

/// What every answer is wrapped in, errors included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope<T> {
    /// Names the request, in our log too.
    pub request_id: String,
    /// Whether it worked.
    pub status: Status,
    /// The HTTP status.
    pub code: u16,
    /// What went wrong; empty when nothing did.
    pub error: String,
    /// The answer; null when something went wrong.
    pub data: Option<T>,
}

string_enum! {
    /// Whether a request worked.
    pub enum Status {
        Success = "Success",
        Failed = "Failed",
    }
}

string_enum! {
    /// For whom a token speaks.
    pub enum Entity {
        Customer = "customer",
        App = "app",
    }
}

/// Body of ExotelCreateToken. The answer is the token, a string.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TokenRequest {
    /// The customer's or app's id, or the id of its key.
    pub id: String,
    /// The secret of the key.
    pub secret: Secret,
    /// What the id names.
    pub entity: Entity,
}

/// Body of ExotelRegisterApp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AppRequest {
    /// For people.
    pub app_name: String,
    /// The account at the carrier.
    pub exotel_account_sid: String,
    /// The name of the key to it.
    pub exotel_api_key: String,
    /// The key's secret.
    pub exotel_api_token: Secret,
    /// The carrier's region, `mumbai` or `singapore`.
    pub exotel_domain: Domain,
    /// Whether the account is in use.
    pub is_active: bool,
}

impl AppRequest {
    /// An app with this name, in use, with an account in this region whose id and key are still empty.
    pub fn new(app_name: impl Into<String>, exotel_domain: Domain) -> AppRequest {
        AppRequest {
            app_name: app_name.into(),
            exotel_account_sid: String::new(),
            exotel_api_key: String::new(),
            exotel_api_token: Secret::new(""),
            exotel_domain,
            is_active: true,
        }
    }
}

string_enum! {
    /// A region of the carrier.
    pub enum Domain {
        Mumbai = "mumbai",
        Singapore = "singapore",
    }
}

/// Body of ExotelUpdateApp: the fields that change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AppChange {
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// The account at the carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exotel_account_sid: Option<String>,
    /// The name of the key to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exotel_api_key: Option<String>,
    /// The key's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exotel_api_token: Option<Secret>,
    /// The carrier's region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exotel_domain: Option<Domain>,
    /// Whether the account is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// An app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// Its id.
    #[serde(rename = "AppID")]
    pub app_id: String,
    /// Its secret, given once, when the app is registered; afterwards masked or not there.
    #[serde(rename = "AppSecret")]
    pub app_secret: Option<Secret>,
    /// Whose it is.
    #[serde(rename = "CustomerID")]
    pub customer_id: String,
    /// For people.
    #[serde(rename = "AppName")]
    pub app_name: String,
    /// The account at the carrier; empty for an app that has none.
    #[serde(rename = "ExotelAccountSid")]
    pub exotel_account_sid: String,
    /// The name of the key to it.
    #[serde(rename = "ExotelApiKey")]
    pub exotel_api_key: String,
    /// The key's secret; masked but in the answer that registers the app.
    #[serde(rename = "ExotelApiToken")]
    pub exotel_api_token: Secret,
    /// The carrier's region.
    #[serde(rename = "ExotelDomain")]
    pub exotel_domain: String,
    /// Whether the account is in use.
    #[serde(rename = "IsActive")]
    pub is_active: bool,
    /// When the app was made.
    #[serde(rename = "CreatedAt")]
    pub created_at: String,
    /// When it was last changed.
    #[serde(rename = "UpdatedAt")]
    pub updated_at: String,
}

/// Body of ExotelOutboundCall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundCall {
    /// Whose the app is.
    pub customer_id: String,
    /// The app.
    pub app_id: String,
    /// Who is called.
    pub to: String,
    /// The app's user who calls.
    pub user_id: String,
}

/// Body of ExotelPutSetting; `key` and `value` are accepted, too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingRequest {
    /// Its name within the app.
    #[serde(rename = "Key", alias = "key")]
    pub key: String,
    /// What it says from now on.
    #[serde(rename = "Value", alias = "value")]
    pub value: String,
}

impl SettingRequest {
    /// This setting, with this value.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> SettingRequest {
        SettingRequest { key: key.into(), value: value.into() }
    }
}

/// Body of ExotelDeleteSetting, for callers who do not name the key in the query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingName {
    /// The setting's name.
    #[serde(rename = "Key", alias = "key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A setting of an app. Its owners are named by a text of any kind, since many settings share it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting<T = String> {
    /// Whose the app is.
    #[serde(rename = "CustomerID")]
    pub customer_id: T,
    /// The app.
    #[serde(rename = "AppID")]
    pub app_id: T,
    /// Its name within the app.
    #[serde(rename = "Key")]
    pub key: String,
    /// What it says.
    #[serde(rename = "Value")]
    pub value: String,
}

/// Body of ExotelCreateCustomer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomerRequest {
    /// For people.
    pub customer_name: String,
    /// Where its owner is written to.
    pub email: String,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    #[serde(rename = "CustomerID")]
    pub customer_id: String,
    /// Its secret, given once, when the customer is made; masked afterwards.
    #[serde(rename = "CustomerSecret")]
    pub customer_secret: Secret,
    /// For people.
    #[serde(rename = "CustomerName")]
    pub customer_name: String,
    /// Where its owner is written to; empty when it is not known.
    #[serde(rename = "Email")]
    pub email: String,
    /// Nothing from us.
    #[serde(rename = "CustomerSetting")]
    pub customer_setting: Option<Value>,
    /// When it was made.
    #[serde(rename = "CreatedAt")]
    pub created_at: String,
    /// The same: a customer does not change.
    #[serde(rename = "UpdatedAt")]
    pub updated_at: String,
    /// Always false: a deleted one is not found.
    #[serde(rename = "DeletedAt")]
    pub deleted_at: bool,
}
