//! Apps.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{AppCreateBody, AppListResponse, AppResponse, AppUpdateBody, Empty};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes an app.
    ///
    /// `POST /v2/apps`, open to account keys.
    /// Limits: the name has 1–100 characters, custom properties 4 KB.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 402 `payment_required`: the plan of the
    /// vendor does not allow it; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateApp`, sunshine-v2.md §10.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let app = sunshine.create_app(&AppCreateBody::new("Shop")).await?.app;
    /// println!("{}", app.id);
    /// # Ok(()) }
    /// ```
    CreateApp: create_app(; body: json AppCreateBody) -> AppResponse;

    /// Lists the apps of the caller, in the order of their making; a filter names a service account.
    ///
    /// `GET /v2/apps`, open to account keys.
    /// Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 403 `forbidden`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListApps`, sunshine-v2.md §3, §10.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let filter = AppFilter { service_account_id: Some("5d8a0b".into()) };
    /// let page = sunshine.list_apps().filter(&filter).page_size(50).await?;
    /// println!("{} and more: {}", page.apps.len(), page.meta.has_more);
    /// # Ok(()) }
    /// ```
    ListApps: list_apps() -> AppListResponse;

    /// Reads an app, with its subdomain.
    ///
    /// `GET /v2/apps/{appId}`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetApp`, sunshine-v2.md §10.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let app = sunshine.get_app("5d8cff3cd55b040010928b5b").await?.app;
    /// println!("{:?}", app.display_name);
    /// # Ok(()) }
    /// ```
    GetApp: get_app(app_id) -> AppResponse;

    /// Changes an app; what the body leaves out stays. Settings and custom properties are merged by their
    /// names.
    ///
    /// `PATCH /v2/apps/{appId}`, open to account and app keys.
    /// Limits: the name has 1–100 characters, custom properties 4 KB.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateApp`, sunshine-v2.md §10.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = AppSettingsUpdate { echo_postback: Some(true), ..Default::default() };
    /// let body = AppUpdateBody { settings: Some(settings), ..Default::default() };
    /// sunshine.update_app("5d8cff3cd55b040010928b5b", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateApp: update_app(app_id; body: json AppUpdateBody) -> AppResponse;

    /// Deletes an app and all that belongs to it.
    ///
    /// `DELETE /v2/apps/{appId}`, open to account keys.
    ///
    /// # Errors
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteApp`, sunshine-v2.md §10.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_app("5d8cff3cd55b040010928b5b").await?;
    /// # Ok(()) }
    /// ```
    DeleteApp: delete_app(app_id) -> Empty;
}
