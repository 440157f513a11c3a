//! Integrations.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    Empty, IntegrationCreateBody, IntegrationListResponse, IntegrationResponse, IntegrationUpdateBody,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes an integration; which fields its type has says `wire::sunshine::integrations`.
    ///
    /// `POST /v2/apps/{appId}/integrations`, open to account and app keys.
    /// Limits: the name has up to 100 characters; a custom integration has one webhook.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateIntegration`, sunshine-v2.md §10.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let hook = WebhookCreateBody::new("https://bot.example.com/hook", [Trigger::ConversationMessage]);
    /// let bot = IntegrationCreateBody::custom("Bot", &hook);
    /// let integration = sunshine.create_integration("5d8cff3cd55b040010928b5b", &bot).await?.integration;
    /// println!("{}", integration.id);
    /// # Ok(()) }
    /// ```
    CreateIntegration: create_integration(app_id; body: json IntegrationCreateBody) -> IntegrationResponse;

    /// Lists the integrations of an app; a filter names types, separated by commas.
    ///
    /// `GET /v2/apps/{appId}/integrations`, open to account and app keys.
    /// Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListIntegrations`, sunshine-v2.md §3, §10.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let filter = IntegrationFilter { types: Some("custom,telegram".into()) };
    /// for integration in sunshine.list_integrations("5d8cff3cd55b040010928b5b").filter(&filter).await?.integrations {
    ///     println!("{} {}", integration.id, integration.kind);
    /// }
    /// # Ok(()) }
    /// ```
    ListIntegrations: list_integrations(app_id) -> IntegrationListResponse;

    /// Reads an integration; secrets of its provider do not come back.
    ///
    /// `GET /v2/apps/{appId}/integrations/{integrationId}`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `integration_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and
    /// 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetIntegration`, sunshine-v2.md §10.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let integration = sunshine.get_integration("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71").await?.integration;
    /// println!("{:?}", integration.status);
    /// # Ok(()) }
    /// ```
    GetIntegration: get_integration(app_id, integration_id) -> IntegrationResponse;

    /// Changes an integration; what the body leaves out stays.
    ///
    /// `PATCH /v2/apps/{appId}/integrations/{integrationId}`, open to account and app keys.
    /// Limits: only the fields that its type lets change.
    ///
    /// # Errors
    /// 404 `app_not_found` or `integration_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and
    /// 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateIntegration`, sunshine-v2.md §10.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = IntegrationUpdateBody { display_name: Patch::Value("Bot 2".into()), ..Default::default() };
    /// sunshine.update_integration("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateIntegration: update_integration(app_id, integration_id; body: json IntegrationUpdateBody) -> IntegrationResponse;

    /// Deletes an integration with its webhooks and keys.
    ///
    /// `DELETE /v2/apps/{appId}/integrations/{integrationId}`, open to account and app keys.
    /// Limits: one that the switchboard needs cannot be deleted: 400.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `integration_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteIntegration`, sunshine-v2.md §10.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_integration("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71").await?;
    /// # Ok(()) }
    /// ```
    DeleteIntegration: delete_integration(app_id, integration_id) -> Empty;
}
