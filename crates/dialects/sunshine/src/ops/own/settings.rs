//! ListSettings, GetSetting, PutSetting and DeleteSetting: `/v2/apps/{appId}/settings[/{key}]`.

use model::setting::Setting;
use wire::crosspoint::types as own;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn list_settings(call: AppCall) -> Result<Reply> {
    let settings = call.request.hub.list_settings(&call.grant).await?;
    Ok(Reply::ok(&own::SettingListResponse { settings: settings.into_iter().map(shown).collect() }))
}

pub(crate) async fn get_setting(call: AppCall) -> Result<Reply> {
    let setting = call.request.hub.setting(&call.grant, key(&call)).await?;
    Ok(Reply::ok(&own::SettingResponse { setting: shown(setting) }))
}

pub(crate) async fn put_setting(call: AppCall) -> Result<Reply> {
    let own::SettingBody { value } = call.request.json()?;
    let setting = call.request.hub.put_setting(&call.grant, key(&call), &value).await?;
    Ok(Reply::ok(&own::SettingResponse { setting: shown(setting) }))
}

pub(crate) async fn delete_setting(call: AppCall) -> Result<Reply> {
    call.request.hub.remove_setting(&call.grant, key(&call)).await?;
    Ok(Reply::empty())
}

fn key(call: &AppCall) -> &str {
    call.request.params.text("key")
}

fn shown(setting: Setting) -> own::Setting {
    own::Setting { key: setting.key, value: setting.value, updated_at: setting.updated_at.to_string() }
}
