//! Conversations and what channels refer to in them.

use serde_json::{Map, Value};
use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    ConversationCreateBody, ConversationFilter, ConversationListResponse, ConversationResponse,
    ConversationUpdateBody, ConversionEventsBody, ConversionEventsResponse, DownloadMessageRefBody, Empty,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Makes a conversation. A personal one needs its user.
    ///
    /// `POST /v2/apps/{appId}/conversations`, open to account, app and integration keys.
    /// Limits: ten participants at its making; name and description have up to 100 characters.
    ///
    /// # Errors
    /// 404 `app_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#CreateConversation`, sunshine-v2.md §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ConversationCreateBody::personal("5d96a39cd55b040010928b79");
    /// let conversation = sunshine.create_conversation("5d8cff3cd55b040010928b5b", &body).await?.conversation;
    /// println!("{}", conversation.id);
    /// # Ok(()) }
    /// ```
    CreateConversation: create_conversation(app_id; body: json ConversationCreateBody) -> ConversationResponse;

    /// Lists the conversations of a user, who is named by exactly one of the two ids.
    ///
    /// `GET /v2/apps/{appId}/conversations`, open to account, app and integration keys.
    /// Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListConversations`, sunshine-v2.md §3, §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let filter = ConversationFilter { user_external_id: Some("ann".into()), ..Default::default() };
    /// let page = sunshine.list_conversations("5d8cff3cd55b040010928b5b", &filter).await?;
    /// println!("{}", page.conversations.len());
    /// # Ok(()) }
    /// ```
    ListConversations: list_conversations(app_id; filter: filtered ConversationFilter) -> ConversationListResponse;

    /// Reads a conversation, with who is in control of it.
    ///
    /// `GET /v2/apps/{appId}/conversations/{conversationId}`, open to account, app and integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetConversation`, sunshine-v2.md §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let conversation = sunshine.get_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?.conversation;
    /// println!("{:?}", conversation.active_switchboard_integration);
    /// # Ok(()) }
    /// ```
    GetConversation: get_conversation(app_id, conversation_id) -> ConversationResponse;

    /// Changes a conversation; what the body leaves out stays, null clears.
    ///
    /// `PATCH /v2/apps/{appId}/conversations/{conversationId}`, open to account, app and integration keys.
    /// Limits: name and description have up to 100 characters, custom properties 4 KB.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UpdateConversation`, sunshine-v2.md §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ConversationUpdateBody { display_name: Patch::Value("Parcel 12".into()), ..Default::default() };
    /// sunshine.update_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?;
    /// # Ok(()) }
    /// ```
    UpdateConversation: update_conversation(app_id, conversation_id; body: json ConversationUpdateBody) -> ConversationResponse;

    /// Deletes a conversation with its messages.
    ///
    /// `DELETE /v2/apps/{appId}/conversations/{conversationId}`, open to account, app and integration keys.
    /// Limits: the default conversation of a user cannot be deleted: 400.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteConversation`, sunshine-v2.md §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?;
    /// # Ok(()) }
    /// ```
    DeleteConversation: delete_conversation(app_id, conversation_id) -> Empty;

    /// Fetches what a message of Apple Messages for Business refers to.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/download`, open to account, app and integration
    /// keys. Limits: one message a call.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DownloadMessageRef`, sunshine-v2.md §6.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let interactive_data_ref = InteractiveDataRef {
    ///     url: "https://p02-content.icloud.com/x".into(),
    ///     bid: "com.apple.messages.MSMessageExtensionBalloonPlugin".into(),
    ///     key: crosspoint_client::Secret::new("00f3"),
    ///     signature: "81e0".into(),
    ///     owner: "M4RC0".into(),
    /// };
    /// let apple = Some(AppleMessageRef { interactive_data_ref });
    /// let body = DownloadMessageRefBody { user_id: "5d96a39cd55b040010928b79".into(), apple };
    /// println!("{:?}", sunshine.download_message_ref("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?);
    /// # Ok(()) }
    /// ```
    DownloadMessageRef: download_message_ref(app_id, conversation_id; body: json DownloadMessageRefBody) -> Map<String, Value>;

    /// Sends conversion events to the channel of a conversation.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/conversionEvents`, open to account, app and
    /// integration keys. Limits: exactly one channel a call; Messenger alone is connected.
    ///
    /// # Errors
    /// 400 `bad_request` with Meta's reason, or when the conversation has no client of the channel. As
    /// everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#PostConversionEvents`, sunshine-v2.md §6.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let purchase = serde_json::json!({
    ///     "event_name": "Purchase", "event_time": 1_752_161_233, "action_source": "business_messaging",
    ///     "custom_data": { "currency": "EUR", "value": 12.5 },
    /// });
    /// let data = purchase.as_object().cloned().into_iter().collect();
    /// let event = MetaConversionEvent { payload: ConversionPayload { data, ..Default::default() } };
    /// let body = ConversionEventsBody { messenger: Some(event), ..Default::default() };
    /// sunshine.post_conversion_events("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?;
    /// # Ok(()) }
    /// ```
    PostConversionEvents: post_conversion_events(app_id, conversation_id; body: json ConversionEventsBody) -> ConversionEventsResponse;
}
