//! Webhooks.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    Empty, WebhookCreateBody, WebhookListResponse, WebhookResponse, WebhookUpdateBody,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes a webhook of an integration; the answer has the secret with which deliveries prove themselves.
    /// `me` stands for the integration of the caller.
    ///
    /// `POST /v2/apps/{appId}/integrations/{integrationId}/webhooks`, open to account, app and integration
    /// keys. Limits: ten an app, one a custom integration.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 403 `forbidden`; 404 `app_not_found` or
    /// `integration_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateWebhook`, sunshine-v2.md §9.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = WebhookCreateBody::new("https://bot.example.com/hook", [Trigger::ConversationMessage]);
    /// let webhook = sunshine.create_webhook("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", &body).await?.webhook;
    /// println!("{}", webhook.id);
    /// # Ok(()) }
    /// ```
    CreateWebhook: create_webhook(app_id, integration_id; body: json WebhookCreateBody) -> WebhookResponse;

    /// Lists the webhooks of an integration.
    ///
    /// `GET /v2/apps/{appId}/integrations/{integrationId}/webhooks`, open to account, app and integration
    /// keys. Limits: all of them come at once, ten at most.
    ///
    /// # Errors
    /// 403 `forbidden`; 404 `app_not_found` or `integration_not_found`; as everywhere, 401 `unauthorized`,
    /// 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListWebhooks`, sunshine-v2.md §9.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for webhook in sunshine.list_webhooks("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71").await?.webhooks {
    ///     println!("{} {}", webhook.id, webhook.target);
    /// }
    /// # Ok(()) }
    /// ```
    ListWebhooks: list_webhooks(app_id, integration_id) -> WebhookListResponse;

    /// Reads a webhook with its secret.
    ///
    /// `GET /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`, open to account, app and
    /// integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `integration_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetWebhook`, sunshine-v2.md §9.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let webhook = sunshine.get_webhook("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", "5d8f3c2cd55b040010928b72").await?.webhook;
    /// println!("{:?}", webhook.triggers);
    /// # Ok(()) }
    /// ```
    GetWebhook: get_webhook(app_id, integration_id, webhook_id) -> WebhookResponse;

    /// Changes a webhook; what the body leaves out stays.
    ///
    /// `PATCH /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`, open to account, app and
    /// integration keys. Limits: at least one trigger.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `integration_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateWebhook`, sunshine-v2.md §9.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = WebhookUpdateBody { target: Some("https://bot.example.com/v2".into()), ..Default::default() };
    /// sunshine.update_webhook("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", "5d8f3c2cd55b040010928b72", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateWebhook: update_webhook(app_id, integration_id, webhook_id; body: json WebhookUpdateBody) -> WebhookResponse;

    /// Deletes a webhook.
    ///
    /// `DELETE /v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}`, open to account, app and
    /// integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `integration_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteWebhook`, sunshine-v2.md §9.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_webhook("5d8cff3cd55b040010928b5b", "5d8e2b1cd55b040010928b71", "5d8f3c2cd55b040010928b72").await?;
    /// # Ok(()) }
    /// ```
    DeleteWebhook: delete_webhook(app_id, integration_id, webhook_id) -> Empty;
}
