//! Keys of apps and of custom integrations.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{Empty, KeyCreateBody, KeyListResponse, KeyResponse};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes a key of an app. Its secret is in this answer and, on Crosspoint, nowhere else.
    ///
    /// `POST /v2/apps/{appId}/keys`, open to account keys.
    /// Limits: ten keys an app; the name has 1–100 characters.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateAppKey`, sunshine-v2.md §10.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = sunshine.create_app_key("5d8cff3cd55b040010928b5b", &KeyCreateBody::new("bot")).await?.key;
    /// println!("{}", key.id);
    /// # Ok(()) }
    /// ```
    CreateAppKey: create_app_key(app_id; body: json KeyCreateBody) -> KeyResponse;

    /// Lists the keys of an app.
    ///
    /// `GET /v2/apps/{appId}/keys`, open to account keys.
    /// Limits: all of them come at once, ten at most.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListAppKeys`, sunshine-v2.md §10.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for key in sunshine.list_app_keys("5d8cff3cd55b040010928b5b").await?.keys {
    ///     println!("{} {}", key.id, key.display_name);
    /// }
    /// # Ok(()) }
    /// ```
    ListAppKeys: list_app_keys(app_id) -> KeyListResponse;

    /// Reads a key of an app.
    ///
    /// `GET /v2/apps/{appId}/keys/{keyId}`, open to account keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetAppKey`, sunshine-v2.md §10.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = sunshine.get_app_key("5d8cff3cd55b040010928b5b", "app_5d8d1a0cd55b040010928b70").await?.key;
    /// println!("{}", key.display_name);
    /// # Ok(()) }
    /// ```
    GetAppKey: get_app_key(app_id, key_id) -> KeyResponse;

    /// Deletes a key of an app and ends the tokens that it has signed.
    ///
    /// `DELETE /v2/apps/{appId}/keys/{keyId}`, open to account keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteAppKey`, sunshine-v2.md §10.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_app_key("5d8cff3cd55b040010928b5b", "app_5d8d1a0cd55b040010928b70").await?;
    /// # Ok(()) }
    /// ```
    DeleteAppKey: delete_app_key(app_id, key_id) -> Empty;

    /// Makes a key of a custom integration. Its secret is in this answer and, on Crosspoint, nowhere else.
    ///
    /// `POST /v2/apps/{appId}/integrations/{integrationId}/keys`, open to account and app keys.
    /// Limits: ten keys an integration; only custom integrations have keys, others are 400.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateCustomIntegrationKey`, sunshine-v2.md §10.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = sunshine.create_custom_integration_key("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", &KeyCreateBody::new("bot")).await?.key;
    /// println!("{}", key.id);
    /// # Ok(()) }
    /// ```
    CreateCustomIntegrationKey: create_custom_integration_key(app_id, integration_id; body: json KeyCreateBody) -> KeyResponse;

    /// Lists the keys of a custom integration.
    ///
    /// `GET /v2/apps/{appId}/integrations/{integrationId}/keys`, open to account and app keys.
    /// Limits: all of them come at once, ten at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListCustomIntegrationKeys`, sunshine-v2.md §10.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for key in sunshine.list_custom_integration_keys("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71").await?.keys {
    ///     println!("{} {}", key.id, key.display_name);
    /// }
    /// # Ok(()) }
    /// ```
    ListCustomIntegrationKeys: list_custom_integration_keys(app_id, integration_id) -> KeyListResponse;

    /// Reads a key of a custom integration.
    ///
    /// `GET /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}`, open to account and app keys.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetCustomIntegrationKey`, sunshine-v2.md §10.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = sunshine.get_custom_integration_key("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", "app_5d8d1a0cd55b040010928b70").await?.key;
    /// println!("{}", key.display_name);
    /// # Ok(()) }
    /// ```
    GetCustomIntegrationKey: get_custom_integration_key(app_id, integration_id, key_id) -> KeyResponse;

    /// Deletes a key of a custom integration and ends the tokens that it has signed.
    ///
    /// `DELETE /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}`, open to account and app keys.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteCustomIntegrationKey`, sunshine-v2.md §10.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_custom_integration_key("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", "app_5d8d1a0cd55b040010928b70").await?;
    /// # Ok(()) }
    /// ```
    DeleteCustomIntegrationKey: delete_custom_integration_key(app_id, integration_id, key_id) -> Empty;
}
