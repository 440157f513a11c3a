//! Writes a setting.

use model::limits::APP_SETTINGS_MAX;
use model::record::AppKey;
use model::setting::Setting;
use store::rows::{apps, settings};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

struct PutSetting {
    app: AppKey,
    key: String,
    value: String,
}

impl Command for PutSetting {
    type Out = Setting;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Setting> {
        apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        let is_new = settings::by_key(tx, self.app, &self.key).await?.is_none();
        let max = APP_SETTINGS_MAX as i64;
        if is_new && settings::count(tx, self.app).await? >= max {
            return Err(HubError::TooMany { thing: Thing::Setting, max });
        }
        let setting = Setting { key: self.key.clone(), value: self.value.clone(), updated_at: ctx.now };
        settings::put(tx, self.app, &setting).await?;
        Ok(setting)
    }
}

impl Hub {
    /// Writes a setting of an app; one with this key is replaced.
    ///
    /// # Errors
    /// `Invalid` for a key or value beyond its limits, or a value of the wrong form for a key with a
    /// meaning; `TooMany` for the thousand and first; `NotFound` when the app is gone meanwhile.
    pub async fn put_setting(&self, grant: &Grant, key: &str, value: &str) -> Result<Setting> {
        self.check_setting(key, value)?;
        let (key, value) = (key.to_owned(), value.to_owned());
        self.run(PutSetting { app: grant.app.key, key, value }).await
    }
}
