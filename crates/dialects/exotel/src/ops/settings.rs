//! ExotelPutSetting, ExotelGetSetting and ExotelDeleteSetting: `/v2/integrations/app_setting`.

use model::Id;
use model::setting::Setting;
use serde_json::value::RawValue;
use wire::exotel::types as shown;

use crate::http::call::{AppCall, Data, data};
use crate::http::error::{ApiError, Result};

/// How a setting is named in a query.
const KEY: &[&str] = &["key", "Key"];

pub(super) async fn put_setting(call: AppCall) -> Result<Data> {
    let asked: shown::SettingRequest = call.request.json()?;
    let setting = call.request.hub.put_setting(&call.grant, &asked.key, &asked.value).await?;
    data(&Shower::of(&call).await?.show(setting))
}

pub(super) async fn get_setting(call: AppCall) -> Result<Data> {
    let shower = Shower::of(&call).await?;
    match call.request.query.any(KEY) {
        Some(key) => data(&shower.show(call.request.hub.setting(&call.grant, named(key)?).await?)),
        None => {
            let settings = call.request.hub.list_settings(&call.grant).await?;
            data(&settings.into_iter().map(|setting| shower.show(setting)).collect::<Vec<_>>())
        }
    }
}

pub(super) async fn delete_setting(call: AppCall) -> Result<Data> {
    let key = match call.request.query.any(KEY) {
        Some(key) => key.to_owned(),
        None => {
            let asked: shown::SettingName = call.request.json()?;
            asked.key.ok_or_else(|| ApiError::bad_request("Key: is missing"))?
        }
    };
    call.request.hub.remove_setting(&call.grant, named(&key)?).await?;
    data(&"Deleted Successfully")
}

/// A key that was given has to say something.
fn named(key: &str) -> Result<&str> {
    match key.is_empty() {
        true => Err(ApiError::bad_request("Key: is missing")),
        false => Ok(key),
    }
}

/// What every setting of a call shows besides itself, as JSON: a list repeats it a thousand times.
struct Shower {
    customer_id: Data,
    app_id: Data,
}

impl Shower {
    async fn of(call: &AppCall) -> Result<Shower> {
        let account = call.request.hub.account(&call.grant.caller).await?;
        let id = |id: Id| data(&id.to_guid());
        Ok(Shower { customer_id: id(account.id)?, app_id: id(call.grant.app.id)? })
    }

    fn show(&self, setting: Setting) -> shown::Setting<&RawValue> {
        shown::Setting {
            customer_id: &self.customer_id,
            app_id: &self.app_id,
            key: setting.key,
            value: setting.value,
        }
    }
}
