//! Settings of an app under the names of the vendor's newer pages.

use wire::exotel::OPERATIONS;
use wire::exotel::settings::{AppSettingsChange, AppSettingsOf};

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Reads the settings of an app under the names of the newer pages.
    ///
    /// `GET /v2/integrations/{customer_id}/apps/{app_id}/settings`, open to tokens of an app.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetAppSettings`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let app = exotel.get_app_settings("5b39ab1c-0000-8000-8000-000000000000", "4a39ab1c-0000-8000-8000-000000000000").await?;
    /// println!("{:?}", app.settings.popup_url);
    /// # Ok(()) }
    /// ```
    ExotelGetAppSettings: get_app_settings(customer_id, app_id) -> AppSettingsOf;

    /// Changes settings of an app under the names of the newer pages; what the body leaves out stays, null
    /// removes.
    ///
    /// `PUT /v2/integrations/{customer_id}/apps/{app_id}/settings`, open to tokens of an app.
    /// Limits: addresses are URLs, that of streaming a `wss` URL.
    ///
    /// # Errors
    /// 400: not what the setting allows; as everywhere, 401 for a token that is missing, wrong or of the
    /// other entity.
    ///
    /// Source: `exotel.md#ExotelPutAppSettings`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = AppSettingsChange { recording_enabled: Some(Some(true)), ..Default::default() };
    /// exotel.put_app_settings("5b39ab1c-0000-8000-8000-000000000000", "4a39ab1c-0000-8000-8000-000000000000", &body).await?;
    /// # Ok(()) }
    /// ```
    ExotelPutAppSettings: put_app_settings(customer_id, app_id; body: json AppSettingsChange) -> AppSettingsOf;
}
