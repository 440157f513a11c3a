//! Response commands: messages and events that agents send by name.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{ResponseCommand, ResponseCommandCreate, ResponseCommandUpdate};

use super::Portal;
use crate::methods::methods;

methods! {
    impl Portal, OPERATIONS;

    /// Makes a response command in a hub: messages or events that an agent or bot sends by its name.
    ///
    /// `POST /api/v1/commands/responses/{hubId}`, open to portal tokens.
    /// Limits: the name is unique in the hub.
    ///
    /// # Errors
    /// 400 `PRT000301`, `PRT000206`, `PRT000306`: something is missing, unknown or empty; 400 `PRT000600`:
    /// the name exists; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalCreateResponseCommand`, §2.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let messages = [Message::text("You reach us from 9 to 5.")];
    /// let body = ResponseCommandCreate::messages("hours", CommandReceiver::Customer, &messages);
    /// let command = portal.create_response_command("3bc1e69f-c520-446f-ab2c-01751fd66a31", &body).await?;
    /// println!("{}", command.command_id);
    /// # Ok(()) }
    /// ```
    PortalCreateResponseCommand: create_response_command(hub_id; body: json ResponseCommandCreate) -> ResponseCommand;

    /// Changes a response command; what the body leaves out stays.
    ///
    /// `PUT /api/v1/commands/responses/{commandId}`, open to portal tokens.
    /// Limits: the name is unique in the hub.
    ///
    /// # Errors
    /// 400 `PRT000206`, `PRT000301`, `PRT000306`; 400 `PRT000600`: the name exists; 404 `PRT000105`; as
    /// everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalUpdateResponseCommand`, §2.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ResponseCommandUpdate { category: Some("contacts".into()), ..Default::default() };
    /// portal.update_response_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f", &body).await?;
    /// # Ok(()) }
    /// ```
    PortalUpdateResponseCommand: update_response_command(command_id; body: json ResponseCommandUpdate) -> ResponseCommand;

    /// Deletes a response command.
    ///
    /// `DELETE /api/v1/commands/responses/{commandId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalDeleteResponseCommand`, §2.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// portal.delete_response_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f").await?;
    /// # Ok(()) }
    /// ```
    PortalDeleteResponseCommand: delete_response_command(command_id) -> ();

    /// Reads a response command.
    ///
    /// `GET /api/v1/commands/responses/{commandId}`, open to portal tokens.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalGetResponseCommand`, §2.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", portal.get_response_command("5a0623b0-0cb2-40f9-b787-01756ca7b92f").await?.name);
    /// # Ok(()) }
    /// ```
    PortalGetResponseCommand: get_response_command(command_id) -> ResponseCommand;

    /// Lists the response commands of a hub.
    ///
    /// `GET /api/v1/commands/responses/hub/{hubId}`, open to portal tokens.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// 400 `PRT000203`; 404 `PRT000699`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalListResponseCommands`, §2.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// for command in portal.list_response_commands("3bc1e69f-c520-446f-ab2c-01751fd66a31").await? {
    ///     println!("{}", command.name);
    /// }
    /// # Ok(()) }
    /// ```
    PortalListResponseCommands: list_response_commands(hub_id) -> Vec<ResponseCommand>;
}
