//! Messages and activities.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{ActivityPost, Empty, MessageListResponse, MessagePost, MessagePostResponse};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Posts a message of the business or of a user.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/messages`, open to account, app and integration
    /// keys. Limits: a text has up to 4,096 characters, custom properties 4 KB, a conversation 30,000
    /// messages.
    ///
    /// # Errors
    /// 423 `locked`: the conversation has 30,000 messages; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#PostMessage`, sunshine-v2.md §6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let hello = MessagePost::new(Author::business(), Content::text("Hello!"));
    /// let messages = sunshine.post_message("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &hello).idempotency_key("order-12-hello").await?.messages;
    /// println!("{}", messages[0].id);
    /// # Ok(()) }
    /// ```
    PostMessage: post_message(app_id, conversation_id; body: json MessagePost) -> MessagePostResponse;

    /// Lists the messages of a conversation: the newest page unless a cursor is given, the oldest of a page
    /// first.
    ///
    /// `GET /v2/apps/{appId}/conversations/{conversationId}/messages`, open to account, app and integration
    /// keys. Limits: 100 a page.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListMessages`, sunshine-v2.md §3, §6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for message in sunshine.list_messages("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?.messages {
    ///     println!("{} {}", message.received, message.content.type_name());
    /// }
    /// # Ok(()) }
    /// ```
    ListMessages: list_messages(app_id, conversation_id) -> MessageListResponse;

    /// Deletes all messages of a conversation.
    ///
    /// `DELETE /v2/apps/{appId}/conversations/{conversationId}/messages`, open to account, app and
    /// integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteAllMessages`, sunshine-v2.md §6.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_all_messages("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?;
    /// # Ok(()) }
    /// ```
    DeleteAllMessages: delete_all_messages(app_id, conversation_id) -> Empty;

    /// Deletes a message.
    ///
    /// `DELETE /v2/apps/{appId}/conversations/{conversationId}/messages/{messageId}`, open to account, app
    /// and integration keys.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found` or `not_found`; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteMessage`, sunshine-v2.md §6.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.delete_message("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", "5d94817cd55b040010928b77").await?;
    /// # Ok(()) }
    /// ```
    DeleteMessage: delete_message(app_id, conversation_id, message_id) -> Empty;

    /// Reports that someone reads or types.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/activity`, open to account, app and integration
    /// keys. Limits: one activity a call; nothing of it is kept.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#PostActivity`, sunshine-v2.md §6.7.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ActivityPost { author: Author::business(), kind: ActivityType::TypingStart };
    /// sunshine.post_activity("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?;
    /// # Ok(()) }
    /// ```
    PostActivity: post_activity(app_id, conversation_id; body: json ActivityPost) -> Empty;
}
