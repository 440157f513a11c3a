//! Settings of an app.

use wire::exotel::OPERATIONS;
use wire::exotel::types::{Setting, SettingRequest};

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Adds a setting, or writes over what it said before.
    ///
    /// `POST /v2/integrations/app_setting`, open to tokens of an app.
    /// Limits: keys are case-sensitive; `popup`, `incomingCallHangup`, `missedCall`, `callback` and
    /// `playback` are URLs, `streaming` is a `wss` URL, `record` is `true` or `false`; any other key may say
    /// anything.
    ///
    /// # Errors
    /// 400: something is missing, or not what the key allows; as everywhere, 401 for a token that is missing,
    /// wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelPutSetting`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SettingRequest::new("callback", "https://desk.example.com/calls");
    /// exotel.put_setting(&body).await?;
    /// # Ok(()) }
    /// ```
    ExotelPutSetting: put_setting(; body: json SettingRequest) -> Setting;

    /// Reads a setting.
    ///
    /// `GET /v2/integrations/app_setting?key={key}`, open to tokens of an app.
    ///
    /// # Errors
    /// 404: there is none with this key; as everywhere, 401 for a token that is missing, wrong or of the
    /// other entity.
    ///
    /// Source: `exotel.md#ExotelGetSetting`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", exotel.get_setting("callback").await?.value);
    /// # Ok(()) }
    /// ```
    ExotelGetSetting: get_setting(; key: key str) -> Setting;

    /// Lists all settings of the app.
    ///
    /// `GET /v2/integrations/app_setting`, open to tokens of an app.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetSetting`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// for setting in exotel.list_settings().await? {
    ///     println!("{} = {}", setting.key, setting.value);
    /// }
    /// # Ok(()) }
    /// ```
    ExotelGetSetting: list_settings() -> Vec<Setting>;

    /// Deletes a setting. The answer is a sentence.
    ///
    /// `DELETE /v2/integrations/app_setting?key={key}`, open to tokens of an app.
    ///
    /// # Errors
    /// 404: there is none with this key; as everywhere, 401 for a token that is missing, wrong or of the
    /// other entity.
    ///
    /// Source: `exotel.md#ExotelDeleteSetting`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// exotel.delete_setting("callback").await?;
    /// # Ok(()) }
    /// ```
    ExotelDeleteSetting: delete_setting(; key: key str) -> String;
}
