//! Switchboards and their integrations.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    Empty, SwitchboardIntegrationCreateBody, SwitchboardIntegrationListResponse,
    SwitchboardIntegrationResponse, SwitchboardIntegrationUpdateBody, SwitchboardListResponse,
    SwitchboardResponse, SwitchboardUpdateBody,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes the switchboard of an app.
    ///
    /// `POST /v2/apps/{appId}/switchboards`, open to account and app keys.
    /// Limits: one an app; a second one is 400.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateSwitchboard`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let switchboard = sunshine.create_switchboard("5d8cff3cd55b040010928b5b").await?.switchboard;
    /// println!("{}", switchboard.id);
    /// # Ok(()) }
    /// ```
    CreateSwitchboard: create_switchboard(app_id) -> SwitchboardResponse;

    /// Lists the switchboards of an app: none or one.
    ///
    /// `GET /v2/apps/{appId}/switchboards`, open to account and app keys.
    /// Limits: one an app.
    ///
    /// # Errors
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListSwitchboards`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for switchboard in sunshine.list_switchboards("5d8cff3cd55b040010928b5b").await?.switchboards {
    ///     println!("{} {}", switchboard.id, switchboard.enabled);
    /// }
    /// # Ok(()) }
    /// ```
    ListSwitchboards: list_switchboards(app_id) -> SwitchboardListResponse;

    /// Changes a switchboard: whether it decides, and who gets new conversations.
    ///
    /// `PATCH /v2/apps/{appId}/switchboards/{switchboardId}`, open to account and app keys.
    /// Limits: the default one is one of its own integrations.
    ///
    /// # Errors
    /// 404 `app_not_found` or `switchboard_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and
    /// 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateSwitchboard`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SwitchboardUpdateBody { enabled: Some(true), ..Default::default() };
    /// sunshine.update_switchboard("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateSwitchboard: update_switchboard(app_id, switchboard_id; body: json SwitchboardUpdateBody) -> SwitchboardResponse;

    /// Deletes a switchboard with its integrations; the integrations behind them stay.
    ///
    /// `DELETE /v2/apps/{appId}/switchboards/{switchboardId}`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `switchboard_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and
    /// 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteSwitchboard`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_switchboard("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73").await?;
    /// # Ok(()) }
    /// ```
    DeleteSwitchboard: delete_switchboard(app_id, switchboard_id) -> Empty;

    /// Links an integration to a switchboard. One of integration id and type names it.
    ///
    /// `POST /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations`, open to account and app
    /// keys. Limits: ten a switchboard; the name has up to 128 letters, digits, `_` and `-`.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `switchboard_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateSwitchboardIntegration`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SwitchboardIntegrationCreateBody {
    ///     name: "bot".into(),
    ///     integration_id: Some("5d8e2b1cd55b040010928b71".into()),
    ///     ..Default::default()
    /// };
    /// let member = sunshine.create_switchboard_integration("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73", &body).await?.switchboard_integration;
    /// println!("{}", member.id);
    /// # Ok(()) }
    /// ```
    CreateSwitchboardIntegration: create_switchboard_integration(app_id, switchboard_id; body: json SwitchboardIntegrationCreateBody) -> SwitchboardIntegrationResponse;

    /// Lists the integrations of a switchboard.
    ///
    /// `GET /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations`, open to account and app
    /// keys. Limits: all of them come at once, ten at most.
    ///
    /// # Errors
    /// 404 `app_not_found` or `switchboard_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and
    /// 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListSwitchboardIntegrations`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for member in sunshine.list_switchboard_integrations("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73").await?.switchboard_integrations {
    ///     println!("{} {}", member.id, member.name);
    /// }
    /// # Ok(()) }
    /// ```
    ListSwitchboardIntegrations: list_switchboard_integrations(app_id, switchboard_id) -> SwitchboardIntegrationListResponse;

    /// Changes an integration of a switchboard; what the body leaves out stays.
    ///
    /// `PATCH
    /// /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}`,
    /// open to account and app keys. Limits: the history has 1–10 messages.
    ///
    /// # Errors
    /// 404 `app_not_found` or `switchboard_not_found` or `switchboard_integration_not_found`; as everywhere,
    /// 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateSwitchboardIntegration`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SwitchboardIntegrationUpdateBody { message_history_count: Patch::Value(5), ..Default::default() };
    /// sunshine.update_switchboard_integration("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73", "5d915e4cd55b040010928b74", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateSwitchboardIntegration: update_switchboard_integration(app_id, switchboard_id, switchboard_integration_id; body: json SwitchboardIntegrationUpdateBody) -> SwitchboardIntegrationResponse;

    /// Takes an integration out of a switchboard.
    ///
    /// `DELETE
    /// /v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}`,
    /// open to account and app keys. Limits: the default one cannot be taken out: 400.
    ///
    /// # Errors
    /// 404 `app_not_found` or `switchboard_not_found` or `switchboard_integration_not_found`; as everywhere,
    /// 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteSwitchboardIntegration`, sunshine-v2.md §8.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_switchboard_integration("5d8cff3cd55b040010928b5b", "5d904d3cd55b040010928b73", "5d915e4cd55b040010928b74").await?;
    /// # Ok(()) }
    /// ```
    DeleteSwitchboardIntegration: delete_switchboard_integration(app_id, switchboard_id, switchboard_integration_id) -> Empty;
}
