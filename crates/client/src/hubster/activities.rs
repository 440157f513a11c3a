//! Activities: what is said in a conversation.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{Activity, ActivityQuery, ActivityRequest, DirectReply};

use super::Engine;
use crate::methods::methods;

methods! {
    impl Engine, OPERATIONS;

    /// Lists the messages of a conversation that are from or to one side, oldest first; events are not kept.
    /// [`Engine::activities`] walks all of them.
    ///
    /// `GET /api/v1/interactions/activities/{conversationId}`, open to engine tokens.
    /// Limits: 1,000 a call.
    ///
    /// # Errors
    /// 400 `ENG000200`, `ENG000203`, `ENG000206`, `ENG000210`: what is asked for; 404 `ENG006500`; as
    /// everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineListActivities`, §2.7.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let query = ActivityQuery { side: IntegrationType::Agent, leid: Some(1_603_933_721_542) };
    /// for activity in engine.list_activities("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", &query).await? {
    ///     println!("{}", activity.event_trigger);
    /// }
    /// # Ok(()) }
    /// ```
    EngineListActivities: list_activities(conversation_id; query: query ActivityQuery) -> Vec<Activity>;

    /// Says something as the customer; or, with a sender, as an agent or bot.
    ///
    /// `POST /inbound/customer/v1/direct/activity/{conversationId}`, open to engine tokens.
    /// Limits: a text has up to 4,096 characters, the body 1 MiB.
    ///
    /// # Errors
    /// 400 `ENG005000`–`ENG005024`: what the activity lacks or may not have; 400 `ENG006501`: the customer is
    /// gone; 400 `ENG006502`, `ENG006503`: ended, paused; 400 `ENG009000`–`ENG009299`: a command that is
    /// none; 404 `ENG006000`, `ENG006500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineCustomerActivity`, §2.8, §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let said = ActivityRequest::message(Message::text("Where is my parcel?"));
    /// let reply = engine.customer_activity("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", &said).await?;
    /// println!("{}", reply.event_id);
    /// # Ok(()) }
    /// ```
    EngineCustomerActivity: customer_activity(conversation_id; body: json ActivityRequest) -> DirectReply;

    /// Says something as an agent or bot, whose integration the activity names. An agent takes the
    /// conversation over from a bot by it.
    ///
    /// `POST /inbound/business/v1/direct/activity/{conversationId}`, open to engine tokens.
    /// Limits: a text has up to 4,096 characters, the body 1 MiB.
    ///
    /// # Errors
    /// 400 `ENG005000`–`ENG005024`: what the activity lacks or may not have; 400 `ENG006501`: the customer is
    /// gone; 400 `ENG006502`, `ENG006503`: ended, paused; 400 `ENG009000`–`ENG009299`: a command that is
    /// none; 404 `ENG006000`, `ENG006500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineBusinessActivity`, §2.8, §5.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = ActivityRequest::message(Message::text("On its way.")).from_integration("00000000-0000-0000-0000-000000000001");
    /// let reply = engine.business_activity("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", &answer).await?;
    /// println!("{:?}", reply.interaction_id);
    /// # Ok(()) }
    /// ```
    EngineBusinessActivity: business_activity(conversation_id; body: json ActivityRequest) -> DirectReply;
}
