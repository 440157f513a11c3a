//! Integrations of a hub.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{
    Integration, IntegrationCreate, IntegrationQuery, IntegrationUpdate, NumberedPage,
};

use super::Portal;
use crate::methods::methods;

methods! {
    impl Portal, OPERATIONS;

    /// Makes an integration in a hub. [`Configure::create`](super::types::Configure::create) makes the body
    /// from a channel's configuration.
    ///
    /// `POST /api/v1/integrations/hubs/{hubId}`, open to portal tokens.
    /// Limits: the name has up to 100 characters and is unique in the hub; a channel's account is bound to
    /// one hub.
    ///
    /// # Errors
    /// 400 `PRT000206`, `PRT000301`, `PRT000306`: a value, something that is missing or empty; 400
    /// `PRT000700`: the name exists; 400 `PRT000701`: the account is bound already; 404 `PRT000699`; 501
    /// `PRT000103`: the channel is not supported; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalCreateOrUpdateIntegration`, §4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let configuration = DirectConfiguration::of(IntegrationType::Agent).webhook("https://desk.example.com/hook");
    /// let made = portal.create_integration("3bc1e69f-c520-446f-ab2c-01751fd66a31", &configuration.create("Desk")).await?;
    /// let keys: DirectConfiguration = made.configured()?;
    /// println!("{} signs with {:?}", made.integration_id, keys.public_signing_key);
    /// # Ok(()) }
    /// ```
    PortalCreateOrUpdateIntegration: create_integration(hub_id; body: json IntegrationCreate) -> Integration;

    /// Changes an integration, the way that the vendor documents: at the address where one is made. A
    /// configuration replaces the whole stored one.
    ///
    /// `POST /api/v1/integrations/hubs/{integrationId}`, open to portal tokens.
    /// Limits: as for [`Portal::create_integration`].
    ///
    /// # Errors
    /// 400 `PRT000206`; 400 `PRT000301`: something is missing; 400 `PRT000700`: the name exists; 404
    /// `PRT000799`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalCreateOrUpdateIntegration`, §4.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = IntegrationUpdate { status_id: Some(status::INTEGRATION_PAUSED), ..Default::default() };
    /// portal.update_integration("00000000-0000-0000-0000-000000000001", &body).await?;
    /// # Ok(()) }
    /// ```
    PortalCreateOrUpdateIntegration: update_integration(integration_id; body: json IntegrationUpdate) -> Integration;

    /// Changes an integration. The vendor does not document this way; it may be repeated, which
    /// [`Portal::update_integration`] may not.
    ///
    /// `PUT /api/v1/integrations/hubs/{integrationId}`, open to portal tokens.
    /// Limits: as for [`Portal::create_integration`].
    ///
    /// # Errors
    /// 400 `PRT000206`; 400 `PRT000301`: something is missing; 400 `PRT000700`: the name exists; 404
    /// `PRT000799`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalPutHubsIntegration`, §2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = IntegrationUpdate { name: Some("Desk".into()), ..Default::default() };
    /// portal.put_hubs_integration("00000000-0000-0000-0000-000000000001", &body).await?;
    /// # Ok(()) }
    /// ```
    PortalPutHubsIntegration: put_hubs_integration(integration_id; body: json IntegrationUpdate) -> Integration;

    /// Changes an integration. The vendor does not document this way; it may be repeated, which
    /// [`Portal::update_integration`] may not.
    ///
    /// `PUT /api/v1/integrations/{integrationId}`, open to portal tokens.
    /// Limits: as for [`Portal::create_integration`].
    ///
    /// # Errors
    /// 400 `PRT000206`; 400 `PRT000301`: something is missing; 400 `PRT000700`: the name exists; 404
    /// `PRT000799`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalPutIntegration`, §2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let renewed = DirectConfiguration { regenerate_keys: Some(true), ..DirectConfiguration::of(IntegrationType::Agent) };
    /// portal.put_integration("00000000-0000-0000-0000-000000000001", &renewed.update()).await?;
    /// # Ok(()) }
    /// ```
    PortalPutIntegration: put_integration(integration_id; body: json IntegrationUpdate) -> Integration;

    /// Reads an integration with its tokens and keys in clear.
    ///
    /// `GET /api/v1/integrations/{integrationId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000799`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalGetIntegration`, §4.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let integration = portal.get_integration("00000000-0000-0000-0000-000000000001").await?;
    /// if integration.channel_id == ChannelType::System {
    ///     println!("{:?}", integration.configured::<SystemConfiguration>()?.events);
    /// }
    /// # Ok(()) }
    /// ```
    PortalGetIntegration: get_integration(integration_id) -> Integration;

    /// Deletes an integration. The vendor speaks of it without documenting a way.
    ///
    /// `DELETE /api/v1/integrations/{integrationId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000799`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalDeleteIntegration`, §9.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// portal.delete_integration("00000000-0000-0000-0000-000000000001").await?;
    /// # Ok(()) }
    /// ```
    PortalDeleteIntegration: delete_integration(integration_id) -> ();

    /// Lists the integrations of a hub that have this channel, secrets masked.
    ///
    /// `GET /api/v1/integrations/hubs/{hubId}/{channelType}`, open to portal tokens.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// 400 `PRT000203`, `PRT000206`: the id, the channel; 404 `PRT000699`; as everywhere, 401 `PRT000102`,
    /// 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalListHubIntegrations`, §4.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// for integration in portal.list_hub_integrations("3bc1e69f-c520-446f-ab2c-01751fd66a31", ChannelType::Direct.as_str()).await? {
    ///     println!("{}", integration.name);
    /// }
    /// # Ok(()) }
    /// ```
    PortalListHubIntegrations: list_hub_integrations(hub_id, channel_type) -> Vec<Integration>;

    /// Lists the integrations of the tenant, or of one hub, in numbered pages, secrets masked.
    ///
    /// `GET /api/v1/integrations`, open to portal tokens.
    /// Limits: 1–100 a page, 50 unless said.
    ///
    /// # Errors
    /// 400 `PRT000203`, `PRT000207`, `PRT000209`, `PRT000210`: which hub and page; 404 `PRT000699`; as
    /// everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalListIntegrations`, §2.2, §4.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures::TryStreamExt;
    ///
    /// let query = IntegrationQuery { hub_id: Some("3bc1e69f-c520-446f-ab2c-01751fd66a31".into()) };
    /// let all: Vec<Integration> = portal.list_integrations(&query).stream().try_collect().await?;
    /// println!("{}", all.len());
    /// # Ok(()) }
    /// ```
    PortalListIntegrations: list_integrations(; query: query IntegrationQuery) -> NumberedPage<Integration>;
}
