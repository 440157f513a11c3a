//! What a setting may say, and writing one: with an address that is told something goes a hidden
//! subscription.

use model::limits::APP_SETTINGS_MAX;
use model::record::{AppKey, IntegrationKey, Subscription, SubscriptionKey};
use model::setting::{Notice, SECONDS_MAX, Setting, ValueForm, check_key, check_value};
use store::rows::{events, settings, subscriptions};
use store::{Ctx, Tx};
use url::Url;

use super::targets::web_address;
use super::webhooks::{self, SETTING_FORM};
use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;

/// Writes a checked setting; one with this key is replaced.
pub(crate) async fn put(tx: &mut Tx, ctx: &Ctx, app: AppKey, key: &str, value: &str) -> Result<Setting> {
    let is_new = settings::by_key(tx, app, key).await?.is_none();
    let max = APP_SETTINGS_MAX as i64;
    if is_new && settings::count(tx, app).await? >= max {
        return Err(HubError::TooMany { thing: Thing::Setting, max });
    }
    let setting = Setting { key: key.to_owned(), value: value.to_owned(), updated_at: ctx.now };
    settings::put(tx, app, &setting).await?;
    if let Some(notice) = Notice::of(key) {
        match settings::subscription(tx, app, key).await? {
            Some(known) => subscriptions::set_target(tx, known, value).await?,
            None => subscribe(tx, ctx, app, notice, &setting).await?,
        }
    }
    Ok(setting)
}

/// Lets the address of a setting hear what happens from now on.
async fn subscribe(tx: &mut Tx, ctx: &Ctx, app: AppKey, notice: Notice, setting: &Setting) -> Result<()> {
    let subscription = Subscription {
        key: SubscriptionKey::default(),
        id: ctx.id(),
        app,
        integration: IntegrationKey(0),
        form: SETTING_FORM,
        target: setting.value.clone(),
        triggers: notice.triggers(),
        sealed_secret: Vec::new(),
        include_full_user: false,
        include_full_source: false,
        settled_through: events::newest(tx).await?,
        created_at: ctx.now,
    };
    let key = subscriptions::insert(tx, &subscription).await?;
    Ok(settings::set_subscription(tx, app, &setting.key, key).await?)
}

/// Removes a setting, and nobody is told at its address any more; gives whether it was there.
pub(crate) async fn remove(tx: &mut Tx, ctx: &Ctx, app: AppKey, key: &str) -> Result<bool> {
    if let Some(subscription) = settings::subscription(tx, app, key).await? {
        webhooks::end(tx, ctx, app, subscription).await?;
    }
    Ok(settings::remove(tx, app, key).await?)
}

impl Hub {
    /// Checks key and value, and the value's form where the key has a meaning.
    pub(crate) fn check_setting(&self, key: &str, value: &str) -> Result<()> {
        check_key(key).map_err(HubError::Invalid)?;
        check_value(value).map_err(HubError::Invalid)?;
        match ValueForm::of(key) {
            ValueForm::Target => self.check_target("value", value),
            ValueForm::WebAddress => web_address("value", value).map(drop),
            ValueForm::Socket => {
                let is_socket = |url: &Url| matches!(url.scheme(), "ws" | "wss") && url.host_str().is_some();
                check(Url::parse(value).is_ok_and(|url| is_socket(&url)), "must be an absolute wss URL")
            }
            ValueForm::Flag => check(matches!(value, "true" | "false"), "must be true or false"),
            ValueForm::Seconds => {
                let fits = value.parse().is_ok_and(|seconds: u32| (1..=SECONDS_MAX).contains(&seconds));
                check(fits, &format!("must be whole seconds from 1 to {SECONDS_MAX}"))
            }
            ValueForm::Text => Ok(()),
        }
    }
}

fn check(fits: bool, otherwise: &str) -> Result<()> {
    match fits {
        true => Ok(()),
        false => Err(HubError::Invalid(format!("value: {otherwise}"))),
    }
}
