//! Writes settings.

use model::record::AppKey;
use model::setting::Setting;
use store::rows::apps;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::settings;

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
        settings::put(tx, ctx, self.app, &self.key, &self.value).await
    }
}

/// A key with what it says from now on; `None` removes it.
pub type SettingChange = (String, Option<String>);

struct ChangeSettings {
    app: AppKey,
    changes: Vec<SettingChange>,
}

impl Command for ChangeSettings {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        for (key, value) in &self.changes {
            match value {
                Some(value) => drop(settings::put(tx, ctx, self.app, key, value).await?),
                None => drop(settings::remove(tx, ctx, self.app, key).await?),
            }
        }
        Ok(())
    }
}

/// What is wrong with one value of several names its setting.
fn of_key(key: &str, error: HubError) -> HubError {
    match error {
        HubError::Invalid(text) => {
            HubError::Invalid(format!("{key}: {}", text.strip_prefix("value: ").unwrap_or(&text)))
        }
        other => other,
    }
}

impl Hub {
    /// Writes a setting of an app; one with this key is replaced. An address that is told something
    /// hears what happens from now on.
    ///
    /// # Errors
    /// `Invalid` for a key or value beyond its limits, or a value of the wrong form for a key with a
    /// meaning; `TooMany` for the thousand and first; `NotFound` when the app is gone meanwhile.
    pub async fn put_setting(&self, grant: &Grant, key: &str, value: &str) -> Result<Setting> {
        self.check_setting(key, value)?;
        let (key, value) = (key.to_owned(), value.to_owned());
        self.run(PutSetting { app: grant.app.key, key, value }).await
    }

    /// Writes and removes several settings at once, all or nothing; removing what is not there changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Hub::put_setting`].
    pub async fn change_settings(&self, grant: &Grant, changes: Vec<SettingChange>) -> Result<()> {
        for (key, value) in &changes {
            if let Some(value) = value {
                self.check_setting(key, value).map_err(|error| of_key(key, error))?;
            }
        }
        self.run(ChangeSettings { app: grant.app.key, changes }).await?;
        self.wake_sweeper();
        Ok(())
    }
}
