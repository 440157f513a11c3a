//! Conversations.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{Conversation, EstablishRequest, EstablishedConversation};

use super::Engine;
use crate::methods::methods;

methods! {
    impl Engine, OPERATIONS;

    /// Establishes the conversation of a customer: the open one of the same integration and binding, or a new
    /// one.
    ///
    /// `POST /api/v1/conversations/establish`, open to engine tokens.
    /// Limits: the binding and every property have up to 1,024 characters; 64 collections of 64 properties.
    ///
    /// # Errors
    /// 400 `ENG003000`–`ENG003002`: the body, a property, a GUID; 400 `ENG005501`: nobody answers in the hub;
    /// 400 `ENG006503`: paused; 404 `ENG006000`: the integration is unknown; as everywhere, 401 `ENG000102`,
    /// 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineEstablish`, §2.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let conversation = engine.establish(&EstablishRequest::direct("00000000-0000-0000-0000-000000000001", "customer-7")).await?;
    /// println!("{} {:?}", conversation.conversation_id, conversation.is_new);
    /// # Ok(()) }
    /// ```
    EngineEstablish: establish(; body: json EstablishRequest) -> EstablishedConversation;

    /// Reads a conversation with its integration and hub.
    ///
    /// `GET /api/v1/conversations/{conversationId}`, open to engine tokens.
    ///
    /// # Errors
    /// 400 `ENG000203`; 404 `ENG006500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineGetConversation`, §2.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Engine;
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", engine.get_conversation("a9cff9d8-0cb2-40f9-b787-01756ca7b92f").await?.integration.hub.name);
    /// # Ok(()) }
    /// ```
    EngineGetConversation: get_conversation(conversation_id) -> Conversation;

    /// Reads a conversation as it was established.
    ///
    /// `GET /api/v1/conversations/{conversationId}/established`, open to engine tokens.
    ///
    /// # Errors
    /// 400 `ENG000203`; 404 `ENG006500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineGetEstablished`, §2.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Engine;
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{:?}", engine.get_established("a9cff9d8-0cb2-40f9-b787-01756ca7b92f").await?.closed_date_time);
    /// # Ok(()) }
    /// ```
    EngineGetEstablished: get_established(conversation_id) -> EstablishedConversation;

    /// Lists the open conversations of a hub.
    ///
    /// `GET /api/v1/conversations/hubs/{hubId}/established`, open to engine tokens.
    /// Limits: all of them come at once.
    ///
    /// # Errors
    /// 400 `ENG000203`; 404 `ENG005500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineListEstablished`, §2.6.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Engine;
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// for conversation in engine.list_established("3bc1e69f-c520-446f-ab2c-01751fd66a31").await? {
    ///     println!("{}", conversation.conversation_id);
    /// }
    /// # Ok(()) }
    /// ```
    EngineListEstablished: list_established(hub_id) -> Vec<EstablishedConversation>;
}
