//! Users of an app: people who answer.

use wire::exotel::OPERATIONS;
use wire::exotel::users::{DeviceChange, DeviceState, User, UserPage, UserRequest};

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Adds users to the app: all of them, or none.
    ///
    /// `POST /v2/integrations/usermapping`, open to tokens of an app.
    /// Limits: 1–500 at once, 10,000 an app; names have two parts, each longer than three letters; every text
    /// has 1–256 bytes.
    ///
    /// # Errors
    /// 400: none are given, one is there already or twice in the body, or a name is too short; as everywhere,
    /// 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelCreateUsers`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let ann = UserRequest {
    ///     app_user_id: "ann@shop.example.com".into(),
    ///     app_username: "Anna Brown".into(),
    ///     email: "ann@shop.example.com".into(),
    ///     exotel_account_sid: "sid".into(),
    ///     exotel_user_name: "Anna Brown".into(),
    ///     virtual_number: "+911234567890".into(),
    ///     ..UserRequest::default()
    /// };
    /// exotel.create_users(&[ann]).await?;
    /// # Ok(()) }
    /// ```
    ExotelCreateUsers: create_users(; users: json [UserRequest]) -> Vec<User>;

    /// Reads a user by the caller's own id.
    ///
    /// `GET /v2/integrations/usermapping?user_id={user_id}`, open to tokens of an app.
    ///
    /// # Errors
    /// 404: there is none; as everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetUsers`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", exotel.get_user("ann@shop.example.com").await?.app_username);
    /// # Ok(()) }
    /// ```
    ExotelGetUsers: get_user(; user_id: user str) -> User;

    /// Lists the users of the app in pages: the same request as [`Exotel::get_user`], without an id.
    ///
    /// `GET /v2/integrations/usermapping`, open to tokens of an app.
    /// Limits: 20 a page unless said.
    ///
    /// # Errors
    /// 400: the page's size or beginning; as everywhere, 401 for a token that is missing, wrong or of the
    /// other entity.
    ///
    /// Source: `exotel.md#ExotelGetUsers`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let page = exotel.list_users().page_size(100).await?;
    /// println!("{}", page.users.len());
    /// # Ok(()) }
    /// ```
    ExotelGetUsers: list_users() -> UserPage;

    /// Removes all users of the app. The answer is a sentence.
    ///
    /// `DELETE /v2/integrations/usermapping`, open to tokens of an app.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelDeleteAllUsers`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// exotel.delete_all_users().await?;
    /// # Ok(()) }
    /// ```
    ExotelDeleteAllUsers: delete_all_users() -> String;

    /// Removes some users of the app by the caller's own ids. The answer is a sentence.
    ///
    /// `DELETE /v2/integrations/users`, open to tokens of an app.
    /// Limits: 1–500 ids at once.
    ///
    /// # Errors
    /// 400: none are given; 404: there is none of these; as everywhere, 401 for a token that is missing,
    /// wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelDeleteUsers`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// exotel.delete_users(&["ann@shop.example.com".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ExotelDeleteUsers: delete_users(; user_ids: json [String]) -> String;

    /// Chooses on what a user is called.
    ///
    /// `PUT /v2/integrations/{customer_id}/apps/{app_id}/users/{user_id}/devices`, open to tokens of an app.
    /// Limits: one device stays on.
    ///
    /// # Errors
    /// 400: none would stay on; 404: there is no such user; as everywhere, 401 for a token that is missing,
    /// wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelSetDevices`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = DeviceChange { phone: Some(true), sip: Some(false) };
    /// exotel.set_devices("5b39ab1c-0000-8000-8000-000000000000", "4a39ab1c-0000-8000-8000-000000000000", "ann@shop.example.com", &body).await?;
    /// # Ok(()) }
    /// ```
    ExotelSetDevices: set_devices(customer_id, app_id, user_id; body: json DeviceChange) -> DeviceState;
}
