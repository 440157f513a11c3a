//! Transfer commands: links to pages that agents send by name.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{TransferCommand, TransferCommandCreate, TransferCommandUpdate};

use super::Portal;
use crate::methods::methods;

methods! {
    impl Portal, OPERATIONS;

    /// Makes a transfer command in a hub: a link to a page that an agent or bot sends by its name, on
    /// WebChat.
    ///
    /// `POST /api/v1/commands/transfers/{hubId}`, open to portal tokens.
    /// Limits: the name is unique in the hub.
    ///
    /// # Errors
    /// 400 `PRT000301`, `PRT000206`, `PRT000306`: something is missing, unknown or empty; 400 `PRT000600`:
    /// the name exists; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalCreateTransferCommand`, §2.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = TransferCommandCreate::new("shopify", "https://shop.example.com", "To the shop");
    /// let command = portal.create_transfer_command("3bc1e69f-c520-446f-ab2c-01751fd66a31", &body).await?;
    /// println!("{}", command.command_id);
    /// # Ok(()) }
    /// ```
    PortalCreateTransferCommand: create_transfer_command(hub_id; body: json TransferCommandCreate) -> TransferCommand;

    /// Changes a transfer command; what the body leaves out stays.
    ///
    /// `PUT /api/v1/commands/transfers/{commandId}`, open to portal tokens.
    /// Limits: the name is unique in the hub.
    ///
    /// # Errors
    /// 400 `PRT000206`, `PRT000301`, `PRT000306`; 400 `PRT000600`: the name exists; 404 `PRT000105`; as
    /// everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalUpdateTransferCommand`, §2.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = TransferCommandUpdate { mount_delay: Some(-1), ..Default::default() };
    /// portal.update_transfer_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f", &body).await?;
    /// # Ok(()) }
    /// ```
    PortalUpdateTransferCommand: update_transfer_command(command_id; body: json TransferCommandUpdate) -> TransferCommand;

    /// Deletes a transfer command.
    ///
    /// `DELETE /api/v1/commands/transfers/{commandId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalDeleteTransferCommand`, §2.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// portal.delete_transfer_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f").await?;
    /// # Ok(()) }
    /// ```
    PortalDeleteTransferCommand: delete_transfer_command(command_id) -> ();

    /// Reads a transfer command.
    ///
    /// `GET /api/v1/commands/transfers/{commandId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalGetTransferCommand`, §2.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", portal.get_transfer_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f").await?.name);
    /// # Ok(()) }
    /// ```
    PortalGetTransferCommand: get_transfer_command(command_id) -> TransferCommand;

    /// Lists the transfer commands of a hub.
    ///
    /// `GET /api/v1/commands/transfers/hub/{hubId}`, open to portal tokens.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalListTransferCommands`, §2.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// for command in portal.list_transfer_commands("3bc1e69f-c520-446f-ab2c-01751fd66a31").await? {
    ///     println!("{}", command.name);
    /// }
    /// # Ok(()) }
    /// ```
    PortalListTransferCommands: list_transfer_commands(hub_id) -> Vec<TransferCommand>;
}
