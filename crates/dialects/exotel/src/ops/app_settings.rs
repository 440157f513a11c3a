//! ExotelGetAppSettings and ExotelPutAppSettings: the settings under the names of the newer pages.

use hub::{HubError, SettingChange};
use model::setting::Setting;
use wire::exotel::settings::{AppSettings, AppSettingsChange, AppSettingsOf};

use crate::http::call::{AppCall, Data, data};
use crate::http::error::{ApiError, Result};

pub(super) async fn get_settings(call: AppCall) -> Result<Data> {
    data(&shown(&call).await?)
}

pub(super) async fn put_settings(call: AppCall) -> Result<Data> {
    let asked: AppSettingsChange = call.request.json()?;
    call.request.hub.change_settings(&call.grant, changes(asked)).await.map_err(of_field)?;
    data(&shown(&call).await?)
}

/// The settings of the newer pages that have another name in the core.
const RENAMED: [(&str, &str); 5] = [
    ("popup", "popup_url"),
    ("missedCall", "missed_call_url"),
    ("callback", "callback_url"),
    ("record", "recording_enabled"),
    ("streaming", "streaming_url"),
];

/// A refusal names the field as the caller wrote it.
fn of_field(error: HubError) -> ApiError {
    let HubError::Invalid(text) = error else { return error.into() };
    let renamed = RENAMED
        .iter()
        .find_map(|(key, field)| Some(format!("{field}: {}", text.strip_prefix(key)?.strip_prefix(": ")?)));
    ApiError::bad_request(renamed.unwrap_or(text))
}

/// What changes, under the names of the core.
fn changes(asked: AppSettingsChange) -> Vec<SettingChange> {
    let flag = |asked: Option<Option<bool>>| asked.map(|flag| flag.map(|flag| flag.to_string()));
    let named = [
        ("popup", asked.popup_url),
        ("missedCall", asked.missed_call_url),
        ("callback", asked.callback_url),
        ("record", flag(asked.recording_enabled)),
        ("recording_url", asked.recording_url),
        ("streaming_enabled", flag(asked.streaming_enabled)),
        ("streaming", asked.streaming_url),
    ];
    // An empty address is how a form says that there is none.
    let cleared = |value: Option<String>| value.filter(|value| !value.is_empty());
    named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), cleared(value?)))).collect()
}

async fn shown(call: &AppCall) -> Result<AppSettingsOf> {
    let settings = call.request.hub.list_settings(&call.grant).await?;
    let app = &call.grant.app;
    let value = |key: &str| {
        let named = |setting: &&Setting| setting.key == key;
        settings.iter().find(named).map(|setting| setting.value.clone())
    };
    let flag = |key: &str| value(key).as_deref() == Some("true");
    let updated_at = settings.iter().map(|setting| setting.updated_at).max().unwrap_or(app.created_at);
    let settings = AppSettings {
        popup_url: value("popup"),
        missed_call_url: value("missedCall"),
        callback_url: value("callback"),
        recording_enabled: flag("record"),
        recording_url: value("recording_url"),
        streaming_enabled: flag("streaming_enabled"),
        streaming_url: value("streaming"),
        created_at: app.created_at.to_string(),
        updated_at: updated_at.to_string(),
    };
    Ok(AppSettingsOf { app_id: app.id.to_guid(), settings })
}
