//! Clients of the tenant and their secrets.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{Client, ClientSecret, ClientSecretCreate};

use super::Portal;
use crate::methods::methods;

methods! {
    impl Portal, OPERATIONS;

    /// Reads a client of the tenant; of its secrets only how they begin.
    ///
    /// `GET /api/v1/tenants/clients/{clientId}`, open to portal tokens.
    ///
    /// # Errors
    /// 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalGetClient`, §2.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = portal.get_client("hubster.engine.api.b205b3eca9d74243b88c017533957deb").await?;
    /// println!("{} secrets", client.secrets.len());
    /// # Ok(()) }
    /// ```
    PortalGetClient: get_client(client_id) -> Client;

    /// Makes another secret for a client. `token` is the secret; it is shown here and never again.
    ///
    /// `POST /api/v1/tenants/clients/{clientId}/tokens`, open to portal tokens.
    /// Limits: names are unique for the client.
    ///
    /// # Errors
    /// 400 `PRT000300` and `PRT000301`: the body or its name is missing; 400 `PRT000204`: a malformed date;
    /// 400 `PRT000600`: the name exists; 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and
    /// 429.
    ///
    /// Source: `hubster.md#PortalCreateClientToken`, §2.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Portal, types::*};
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ClientSecretCreate::new("the bot's");
    /// let secret = portal.create_client_token("hubster.engine.api.b205b3eca9d74243b88c017533957deb", &body).await?;
    /// println!("{}", secret.id);
    /// # Ok(()) }
    /// ```
    PortalCreateClientToken: create_client_token(client_id; body: json ClientSecretCreate) -> ClientSecret;

    /// Ends a secret of a client, and the tokens that were bought with it.
    ///
    /// `DELETE /api/v1/tenants/clients/{clientId}/tokens/{tokenId}`, open to portal tokens.
    ///
    /// # Errors
    /// 404 `PRT000105`; as everywhere, 401 `PRT000102`, 403 `PRT000101` and 429.
    ///
    /// Source: `hubster.md#PortalDeleteClientToken`, §2.1.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Portal;
    /// # async fn example(portal: Portal) -> Result<(), Box<dyn std::error::Error>> {
    /// portal.delete_client_token("hubster.engine.api.b205b3eca9d74243b88c017533957deb", "16").await?;
    /// # Ok(()) }
    /// ```
    PortalDeleteClientToken: delete_client_token(client_id, token_id) -> ();
}
