//! Users.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    Empty, SyncUserBody, UserCreateBody, UserFilter, UserListResponse, UserResponse, UserUpdateBody,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes a user.
    ///
    /// `POST /v2/apps/{appId}/users`, open to account, app and integration keys.
    /// Limits: the external id has 1–1,024 characters and is unique in app and brand; custom properties have
    /// 4 KB.
    ///
    /// # Errors
    /// 409 `conflict`: the external id is taken; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateUser`, sunshine-v2.md §4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = UserCreateBody { external_id: Some("ann".into()), ..Default::default() };
    /// let user = sunshine.create_user("5d8cff3cd55b040010928b5b", &body).await?.user;
    /// println!("{}", user.id);
    /// # Ok(()) }
    /// ```
    CreateUser: create_user(app_id; body: json UserCreateBody) -> UserResponse;

    /// Finds users by the e-mail address of an identity.
    ///
    /// `GET /v2/apps/{appId}/users`, open to account, app and integration keys.
    /// Limits: the filter is needed.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListUsers`, sunshine-v2.md §4.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let filter = UserFilter { email: Some("ann@example.com".into()) };
    /// for user in sunshine.list_users("5d8cff3cd55b040010928b5b", &filter).await?.users {
    ///     println!("{}", user.id);
    /// }
    /// # Ok(()) }
    /// ```
    ListUsers: list_users(app_id; filter: filtered UserFilter) -> UserListResponse;

    /// Reads a user by id or external id.
    ///
    /// `GET /v2/apps/{appId}/users/{userIdOrExternalId}`, open to account, app and integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `user_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetUser`, sunshine-v2.md §4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let user = sunshine.get_user("5d8cff3cd55b040010928b5b", "ann@example.com").await?.user;
    /// println!("{:?}", user.profile.given_name);
    /// # Ok(()) }
    /// ```
    GetUser: get_user(app_id, user_id_or_external_id) -> UserResponse;

    /// Changes a user; what the body leaves out stays, null clears. Profile and custom properties are merged
    /// by their names.
    ///
    /// `PATCH /v2/apps/{appId}/users/{userIdOrExternalId}`, open to account, app and integration keys.
    /// Limits: custom properties have 4 KB.
    ///
    /// # Errors
    /// 404 `app_not_found` or `user_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateUser`, sunshine-v2.md §4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let profile = ProfileUpdate { given_name: Patch::Value("Ann".into()), ..Default::default() };
    /// let body = UserUpdateBody { profile: Patch::Value(profile), ..Default::default() };
    /// sunshine.update_user("5d8cff3cd55b040010928b5b", "ann@example.com", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateUser: update_user(app_id, user_id_or_external_id; body: json UserUpdateBody) -> UserResponse;

    /// Deletes a user with clients and history.
    ///
    /// `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}`, open to account, app and integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `user_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteUser`, sunshine-v2.md §4.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_user("5d8cff3cd55b040010928b5b", "ann@example.com").await?;
    /// # Ok(()) }
    /// ```
    DeleteUser: delete_user(app_id, user_id_or_external_id) -> Empty;

    /// Clears what is personal about a user: profile, custom properties, identities.
    ///
    /// `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}/personalinformation`, open to account, app and
    /// integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `user_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteUserPersonalInformation`, sunshine-v2.md §4.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let user = sunshine.delete_user_personal_information("5d8cff3cd55b040010928b5b", "ann@example.com").await?.user;
    /// println!("{}", user.profile.given_name.is_none());
    /// # Ok(()) }
    /// ```
    DeleteUserPersonalInformation: delete_user_personal_information(app_id, user_id_or_external_id) -> UserResponse;

    /// Brings a user in line with the help desk: merges it into another one.
    ///
    /// `POST /v2/apps/{appId}/users/{zendeskId}/sync`, open to account, app and integration keys.
    /// Limits: one user a call.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#SyncUser`, sunshine-v2.md §4.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SyncUserBody { surviving_zendesk_id: Some("382911".into()) };
    /// let user = sunshine.sync_user("5d8cff3cd55b040010928b5b", "382910", &body).await?.user;
    /// println!("{}", user.id);
    /// # Ok(()) }
    /// ```
    SyncUser: sync_user(app_id, zendesk_id; body: json SyncUserBody) -> UserResponse;
}
