//! The settings of an app under the names of the vendor's newer pages.

use serde::{Deserialize, Deserializer, Serialize};

/// What the newer operations answer in place of the envelope when they succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Success<T> {
    /// True.
    pub success: bool,
    /// The answer.
    pub data: T,
}

/// What ExotelGetAppSettings and ExotelPutAppSettings answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppSettingsOf {
    /// The app.
    pub app_id: String,
    /// Its settings.
    pub settings: AppSettings,
}

/// The settings of an app. An address that is not set is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppSettings {
    /// `popup`.
    pub popup_url: Option<String>,
    /// `missedCall`.
    pub missed_call_url: Option<String>,
    /// `callback`.
    pub callback_url: Option<String>,
    /// `record`.
    pub recording_enabled: bool,
    /// `recording_url`.
    pub recording_url: Option<String>,
    /// `streaming_enabled`.
    pub streaming_enabled: bool,
    /// `streaming`.
    pub streaming_url: Option<String>,
    /// When the app was made.
    pub created_at: String,
    /// When one of them was last written.
    pub updated_at: String,
}

/// Body of ExotelPutAppSettings: what is named changes, null removes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::option_option)] // absent, null and a value are three things
pub struct AppSettingsChange {
    /// `popup`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub popup_url: Option<Option<String>>,
    /// `missedCall`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub missed_call_url: Option<Option<String>>,
    /// `callback`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<Option<String>>,
    /// `record`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub recording_enabled: Option<Option<bool>>,
    /// `recording_url`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub recording_url: Option<Option<String>>,
    /// `streaming_enabled`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub streaming_enabled: Option<Option<bool>>,
    /// `streaming`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub streaming_url: Option<Option<String>>,
}

/// Tells null from what is absent.
#[allow(clippy::option_option)]
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
