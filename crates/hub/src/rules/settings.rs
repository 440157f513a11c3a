//! What a setting may say.

use model::setting::{SECONDS_MAX, ValueForm, check_key, check_value};
use url::Url;

use super::targets::web_address;
use crate::error::{HubError, Result};
use crate::hub::Hub;

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
