//! What visitors of a page do, which a web chat is embedded in.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{ActivityRequest, DirectReply, TokenReply};

use super::Engine;
use crate::methods::methods;

methods! {
    impl Engine, OPERATIONS;

    /// Gets a token for the visitor of a page. [`Credentials::web_chat`](crate::Credentials::web_chat) does
    /// it by itself. The request must name the page: [`Builder::origin`](crate::Builder::origin).
    ///
    /// `GET /api/v1/integrations/web-chat/token/{integrationId}`, open to everybody: no credentials are sent.
    /// Limits: a token is good for one integration and one page.
    ///
    /// # Errors
    /// 400 `ENG000203`; 400 `ENG006502`, `ENG006503`: ended, paused; 403 `ENG000101`: the page may not embed
    /// it; 404 `ENG006000`.
    ///
    /// Source: `hubster.md#EngineWebChatToken`, §3.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Engine;
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", engine.web_chat_token("00000000-0000-0000-0000-000000000001").await?.token_type);
    /// # Ok(()) }
    /// ```
    EngineWebChatToken: web_chat_token(integration_id) -> TokenReply;

    /// Says something as the visitor of a page.
    ///
    /// `POST /inbound/customer/v1/web-chat/{conversationId}`, open to tokens of a page's visitor.
    /// Limits: a text has up to 4,096 characters, the body 1 MiB.
    ///
    /// # Errors
    /// 400 `ENG005000`–`ENG005024`: what the activity lacks or may not have; 400 `ENG006501`–`ENG006503`; 403
    /// `ENG000101`: another page or integration; 404 `ENG006500`; as everywhere, 401 `ENG000102` and 429.
    ///
    /// Source: `hubster.md#EngineWebChatActivity`, §2.8, §3.4.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let said = ActivityRequest::message(Message::text("Hello"));
    /// engine.web_chat_activity("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", &said).await?;
    /// # Ok(()) }
    /// ```
    EngineWebChatActivity: web_chat_activity(conversation_id; body: json ActivityRequest) -> DirectReply;
}
