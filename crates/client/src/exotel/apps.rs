//! Apps.

use wire::exotel::OPERATIONS;
use wire::exotel::types::{App, AppChange, AppRequest};

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Registers an app. Its secret is in this answer and in no other.
    ///
    /// `POST /v2/integrations/app`, open to tokens of a customer.
    /// Limits: the name has 1–100 characters; account, key and token have 1–512 bytes each.
    ///
    /// # Errors
    /// 400: something is missing or out of range; as everywhere, 401 for a token that is missing, wrong or of
    /// the other entity.
    ///
    /// Source: `exotel.md#ExotelRegisterApp`.
    ///
    /// ```no_run
    /// # use crosspoint_client::{Secret, exotel::{Exotel, types::*}};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut body = AppRequest::new("Desk", Domain::Mumbai);
    /// body.exotel_account_sid = "sid".into();
    /// body.exotel_api_key = "key".into();
    /// body.exotel_api_token = Secret::new("token");
    /// println!("{}", exotel.register_app(&body).await?.app_id);
    /// # Ok(()) }
    /// ```
    ExotelRegisterApp: register_app(; body: json AppRequest) -> App;

    /// Reads the app of the token, secrets masked.
    ///
    /// `GET /v2/integrations/app`, open to tokens of an app.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetApp`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", exotel.get_app().await?.app_name);
    /// # Ok(()) }
    /// ```
    ExotelGetApp: get_app() -> App;

    /// Lists the apps of the token's customer, secrets masked: the same request as [`Exotel::get_app`], with
    /// the other kind of token.
    ///
    /// `GET /v2/integrations/app`, open to tokens of a customer.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetApp`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// for app in exotel.list_apps().await? {
    ///     println!("{}", app.app_name);
    /// }
    /// # Ok(()) }
    /// ```
    ExotelGetApp: list_apps() -> Vec<App>;

    /// Changes the app of the token; what the body leaves out stays.
    ///
    /// `PUT /v2/integrations/app`, open to tokens of an app.
    /// Limits: as for [`Exotel::register_app`].
    ///
    /// # Errors
    /// 400: something is out of range; as everywhere, 401 for a token that is missing, wrong or of the other
    /// entity.
    ///
    /// Source: `exotel.md#ExotelUpdateApp`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = AppChange { is_active: Some(false), ..Default::default() };
    /// exotel.update_app(&body).await?;
    /// # Ok(()) }
    /// ```
    ExotelUpdateApp: update_app(; body: json AppChange) -> App;

    /// Deletes the app of the token with everything of it. The answer is a sentence.
    ///
    /// `DELETE /v2/integrations/app`, open to tokens of an app.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelDeleteApp`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// exotel.delete_app().await?;
    /// # Ok(()) }
    /// ```
    ExotelDeleteApp: delete_app() -> String;
}
