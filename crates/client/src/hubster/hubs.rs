//! Hubs.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{Hub, HubCreate, HubUpdate, NumberedPage};

use super::Portal;
use crate::methods::methods;

methods! {
    impl Portal, OPERATIONS;

    /// Makes a hub.
    ///
    /// `POST /api/v1/hubs`, open to portal tokens.
    /// Limits: the name has up to 100 characters and is unique for the tenant, the description up to 1,024.
    ///
    /// # Errors
    /// 400 `PRT000300`, `PRT000301`, `PRT000206`, `PRT000209`: the body, a property, a value; 400
    /// `PRT000600`: the name exists; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalCreateHub`, §2.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let hub = portal.create_hub(&HubCreate::new("Support", "First line")).await?;
    /// println!("{}", hub.hub_id);
    /// # Ok(()) }
    /// ```
    PortalCreateHub: create_hub(; body: json HubCreate) -> Hub;

    /// Changes a hub; what the body leaves out stays.
    ///
    /// `PUT /api/v1/hubs/{hubId}`, open to portal tokens.
    /// Limits: as for [`Portal::create_hub`].
    ///
    /// # Errors
    /// 400 `PRT000203`: the id is no GUID; 400 `PRT000206`; 400 `PRT000600`: the name exists; 404
    /// `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalUpdateHub`, §2.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = HubUpdate { status_id: Some(status::HUB_PAUSED), ..Default::default() };
    /// portal.update_hub("3bc1e69f-c520-446f-ab2c-01751fd66a31", &body).await?;
    /// # Ok(()) }
    /// ```
    PortalUpdateHub: update_hub(hub_id; body: json HubUpdate) -> Hub;

    /// Deletes a hub with its integrations.
    ///
    /// `DELETE /api/v1/hubs/{hubId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalDeleteHub`, §2.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// portal.delete_hub("3bc1e69f-c520-446f-ab2c-01751fd66a31").await?;
    /// # Ok(()) }
    /// ```
    PortalDeleteHub: delete_hub(hub_id) -> ();

    /// Reads a hub.
    ///
    /// `GET /api/v1/hubs/{hubId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalGetHub`, §2.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", portal.get_hub("3bc1e69f-c520-446f-ab2c-01751fd66a31").await?.name);
    /// # Ok(()) }
    /// ```
    PortalGetHub: get_hub(hub_id) -> Hub;

    /// Lists the hubs of the tenant in numbered pages.
    ///
    /// `GET /api/v1/hubs`, open to portal tokens.
    /// Limits: 1–100 a page, 50 unless said.
    ///
    /// # Errors
    /// 400 `PRT000207`, `PRT000209`, `PRT000210`: what page is asked for; as everywhere, 401 `PRT000102`, 403
    /// `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalListHubs`, §2.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let page = portal.list_hubs().page_size(100).await?;
    /// println!("{} of {}", page.results.len(), page.total);
    /// # Ok(()) }
    /// ```
    PortalListHubs: list_hubs() -> NumberedPage<Hub>;
}
