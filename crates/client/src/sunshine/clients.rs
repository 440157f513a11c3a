//! The clients and devices of users.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    ClientCreateBody, ClientListResponse, ClientResponse, DeviceListResponse, DeviceResponse, Empty,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Links a channel to a user: finds the person there, and asks for agreement if told so.
    ///
    /// `POST /v2/apps/{appId}/users/{userIdOrExternalId}/clients`, open to account, app and integration keys.
    /// Limits: one channel a call.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateClient`, sunshine-v2.md §4.7.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ClientCreateBody {
    ///     match_criteria: MatchCriteria::Twilio(PhoneMatch {
    ///         integration_id: "5d8e2b1cd55b040010928b71".into(),
    ///         primary: Some(true),
    ///         phone_number: "+49 30 901820".into(),
    ///     }),
    ///     confirmation: Confirmation { kind: ConfirmationType::Immediate, message: None },
    ///     target: LinkTarget { conversation_id: "029c31f25a21b47effd7be90".into() },
    /// };
    /// let client = sunshine.create_client("5d8cff3cd55b040010928b5b", "ann@example.com", &body).await?.client;
    /// println!("{:?}", client.status);
    /// # Ok(()) }
    /// ```
    CreateClient: create_client(app_id, user_id_or_external_id; body: json ClientCreateBody) -> ClientResponse;

    /// Lists the clients of a user, linked and pending ones.
    ///
    /// `GET /v2/apps/{appId}/users/{userIdOrExternalId}/clients`, open to account, app and integration keys.
    /// Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListClients`, sunshine-v2.md §3, §4.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for client in sunshine.list_clients("5d8cff3cd55b040010928b5b", "ann@example.com").await?.clients {
    ///     println!("{} {}", client.id, client.kind);
    /// }
    /// # Ok(()) }
    /// ```
    ListClients: list_clients(app_id, user_id_or_external_id) -> ClientListResponse;

    /// Removes a client of a user.
    ///
    /// `DELETE /v2/apps/{appId}/users/{userIdOrExternalId}/clients/{clientId}`, open to account, app and
    /// integration keys. Limits: none; the messenger's own client goes with its devices.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or `user_not_found` or
    /// `client_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#RemoveClient`, sunshine-v2.md §4.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.remove_client("5d8cff3cd55b040010928b5b", "ann@example.com", "5d926f5cd55b040010928b75").await?;
    /// # Ok(()) }
    /// ```
    RemoveClient: remove_client(app_id, user_id_or_external_id, client_id) -> Empty;

    /// Lists the devices of a user.
    ///
    /// `GET /v2/apps/{appId}/users/{userIdOrExternalId}/devices`, open to account, app and integration keys.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListDevices`, sunshine-v2.md §4.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for device in sunshine.list_devices("5d8cff3cd55b040010928b5b", "ann@example.com").await?.devices {
    ///     println!("{} {}", device.id, device.kind);
    /// }
    /// # Ok(()) }
    /// ```
    ListDevices: list_devices(app_id, user_id_or_external_id) -> DeviceListResponse;

    /// Reads a device of a user.
    ///
    /// `GET /v2/apps/{appId}/users/{userIdOrExternalId}/devices/{deviceId}`, open to account, app and
    /// integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `user_not_found` or `device_not_found`; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetDevice`, sunshine-v2.md §4.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let device = sunshine.get_device("5d8cff3cd55b040010928b5b", "ann@example.com", "5d93706cd55b040010928b76").await?.device;
    /// println!("{:?}", device.status);
    /// # Ok(()) }
    /// ```
    GetDevice: get_device(app_id, user_id_or_external_id, device_id) -> DeviceResponse;
}
