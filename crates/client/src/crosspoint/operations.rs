//! The operations, one a row of the table.

use wire::crosspoint::OPERATIONS;
use wire::sunshine::types::{Empty, MessagePost};

use super::Crosspoint;
use super::types::{
    ConversationStateResponse, DeliveryListResponse, DeliveryResponse, EventListResponse, EventQuery,
    PreviewResponse, SettingBody, SettingListResponse, SettingResponse,
};
use crate::methods::methods;

methods! {
    impl Crosspoint, OPERATIONS;

    /// Closes a conversation and releases control; a repeat changes nothing.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/close`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#CloseConversation`, decision 49.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let conversation = crosspoint.close_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?.conversation;
    /// println!("{}", conversation.status);
    /// # Ok(()) }
    /// ```
    CloseConversation: close_conversation(app_id, conversation_id) -> ConversationStateResponse;

    /// Opens a closed conversation again.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/reopen`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#ReopenConversation`, decision 49.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let conversation = crosspoint.reopen_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?.conversation;
    /// println!("{}", conversation.status);
    /// # Ok(()) }
    /// ```
    ReopenConversation: reopen_conversation(app_id, conversation_id) -> ConversationStateResponse;

    /// Shows what each channel would make of a message, without sending it.
    ///
    /// `POST /v2/apps/{appId}/messages/preview`, open to account and app keys.
    /// Limits: as for `Sunshine::post_message`; nothing is sent or kept.
    ///
    /// # Errors
    /// 400 `bad_request`: the message breaks a limit; 404 `app_not_found`; as everywhere, 401 `unauthorized`,
    /// 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#PreviewMessage`, decision 48.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # use crosspoint_client::sunshine::types::MessagePost;
    /// # async fn example(crosspoint: Crosspoint, message: MessagePost) -> Result<(), Box<dyn std::error::Error>> {
    /// for preview in crosspoint.preview_message("5d8cff3cd55b040010928b5b", &message).await?.previews {
    ///     println!("{}: {} losses", preview.channel, preview.losses.len());
    /// }
    /// # Ok(()) }
    /// ```
    PreviewMessage: preview_message(app_id; body: json MessagePost) -> PreviewResponse;

    /// Lists the webhook deliveries of an app that failed or wait.
    ///
    /// `GET /v2/apps/{appId}/deliveries`, open to account and app keys.
    /// Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#ListDeliveries`, decision 50.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// for delivery in crosspoint.list_deliveries("5d8cff3cd55b040010928b5b").await?.deliveries {
    ///     println!("{} {} {:?}", delivery.id, delivery.status, delivery.last_error);
    /// }
    /// # Ok(()) }
    /// ```
    ListDeliveries: list_deliveries(app_id) -> DeliveryListResponse;

    /// Sends a delivery that was given up again.
    ///
    /// `POST /v2/apps/{appId}/deliveries/{deliveryId}/replay`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `crosspoint.json#ReplayDelivery`, decision 50.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let delivery = crosspoint.replay_delivery("5d8cff3cd55b040010928b5b", "5d95928cd55b040010928b78").await?.delivery;
    /// println!("{}", delivery.status);
    /// # Ok(()) }
    /// ```
    ReplayDelivery: replay_delivery(app_id, delivery_id) -> DeliveryResponse;

    /// Reads the events of an app in their order, as a webhook gets them, and waits for new ones if asked to.
    /// [`Crosspoint::follow`] goes on by itself.
    ///
    /// `GET /v2/apps/{appId}/events`, open to account and app keys.
    /// Limits: 100 a call, 30 s of waiting; events are kept for seven days unless the server is set
    /// otherwise. Give the call more time than it waits: [`Call::timeout`](crate::Call::timeout).
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#ListEvents`, decision 47.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::{Crosspoint, types::*};
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let query = EventQuery { limit: Some(100), ..Default::default() };
    /// for event in crosspoint.list_events("5d8cff3cd55b040010928b5b", &query).await?.events {
    ///     println!("{} {}", event.id, event.kind);
    /// }
    /// # Ok(()) }
    /// ```
    ListEvents: list_events(app_id; query: query EventQuery) -> EventListResponse;

    /// Lists the settings of an app, by key.
    ///
    /// `GET /v2/apps/{appId}/settings`, open to account and app keys.
    /// Limits: 1,000 settings an app; all of them come at once.
    ///
    /// # Errors
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#ListSettings`, decision 46.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// for setting in crosspoint.list_settings("5d8cff3cd55b040010928b5b").await?.settings {
    ///     println!("{} = {}", setting.key, setting.value);
    /// }
    /// # Ok(()) }
    /// ```
    ListSettings: list_settings(app_id) -> SettingListResponse;

    /// Reads a setting of an app.
    ///
    /// `GET /v2/apps/{appId}/settings/{key}`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `crosspoint.json#GetSetting`, decision 46.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let setting = crosspoint.get_setting("5d8cff3cd55b040010928b5b", "record").await?.setting;
    /// println!("{}", setting.value);
    /// # Ok(()) }
    /// ```
    GetSetting: get_setting(app_id, key) -> SettingResponse;

    /// Writes a setting of an app, over what it said before.
    ///
    /// `PUT /v2/apps/{appId}/settings/{key}`, open to account and app keys.
    /// Limits: 256 bytes a key, 16,384 bytes a value, 1,000 settings an app.
    ///
    /// # Errors
    /// 400 `bad_request`: the key or the value breaks a limit, or the key is one whose values are checked;
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `crosspoint.json#PutSetting`, decision 46.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::{Crosspoint, types::*};
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = SettingBody::new("true");
    /// let setting = crosspoint.put_setting("5d8cff3cd55b040010928b5b", "record", &body).await?.setting;
    /// println!("{}", setting.updated_at);
    /// # Ok(()) }
    /// ```
    PutSetting: put_setting(app_id, key; body: json SettingBody) -> SettingResponse;

    /// Deletes a setting of an app.
    ///
    /// `DELETE /v2/apps/{appId}/settings/{key}`, open to account and app keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `crosspoint.json#DeleteSetting`, decision 46.
    ///
    /// ```no_run
    /// # use crosspoint_client::crosspoint::Crosspoint;
    /// # async fn example(crosspoint: Crosspoint) -> Result<(), Box<dyn std::error::Error>> {
    /// crosspoint.delete_setting("5d8cff3cd55b040010928b5b", "record").await?;
    /// # Ok(()) }
    /// ```
    DeleteSetting: delete_setting(app_id, key) -> Empty;
}
