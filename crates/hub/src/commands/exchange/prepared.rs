//! What was prepared beforehand is said: canned replies, transfer links, and answers that only the speaker
//! gets.

use model::Id;
use model::event::{Signal, SignalReceiver};
use model::record::{CannedReply, Prepared, ReplyKind, Role};
use serde_json::Value;

use super::say::{Ready, ReadySignal, Said, Say, SayDraft, Speaker};
use super::signal::Signalled;
use crate::access::Grant;
use crate::error::Result;
use crate::hub::Hub;

fn from_platform(receiver: SignalReceiver, is_message: bool, body: Value) -> Ready {
    let signal = Signal { receiver, is_message, body };
    Ready::Signal(Box::new(ReadySignal { signal, by_platform: true, external_id: None }))
}

impl Hub {
    /// Says a canned reply as an agent or bot: every item, in order. What is for the agent comes back to
    /// the speaker and is not kept. `event` reads what an item signals.
    ///
    /// # Errors
    /// As of [`Hub::say`].
    pub async fn say_canned_reply(
        &self,
        grant: &Grant,
        conversation: Id,
        endpoint: Id,
        reply: CannedReply,
        event: impl Fn(&Value) -> Signalled,
    ) -> Result<Said> {
        let speaker = Speaker::Endpoint(endpoint);
        let mut ready = Vec::with_capacity(reply.items.len());
        for Prepared { content, original, delivered } in reply.items {
            let said = delivered.unwrap_or(original);
            let is_message = reply.kind == ReplyKind::Message;
            ready.push(match (reply.receiver, content) {
                (Role::Agent, _) => from_platform(SignalReceiver::Endpoint(endpoint), is_message, said),
                (_, Some(content)) => {
                    let draft = SayDraft { speaker, content, original: Some(said), external_id: None };
                    Ready::Message(Box::new(self.ready_to_say(&grant.app, draft).await?))
                }
                (_, None) => self.ready_to_signal(grant, speaker, event(&said), None),
            });
        }
        self.run(Say { app: grant.app.clone(), conversation, speaker, ready }).await
    }

    /// Hands the customer something in the platform's name, on behalf of an agent or bot.
    ///
    /// # Errors
    /// As of [`Hub::say`].
    pub async fn signal_for(
        &self,
        grant: &Grant,
        conversation: Id,
        endpoint: Id,
        body: Value,
    ) -> Result<Said> {
        let ready = vec![from_platform(SignalReceiver::Customer, false, body)];
        let (app, speaker) = (grant.app.clone(), Speaker::Endpoint(endpoint));
        self.run(Say { app, conversation, speaker, ready }).await
    }

    /// Answers an agent or bot with a message that nobody else gets and that is not kept.
    ///
    /// # Errors
    /// As of [`Hub::say`].
    pub async fn answer_endpoint(
        &self,
        grant: &Grant,
        conversation: Id,
        endpoint: Id,
        body: Value,
    ) -> Result<Said> {
        let ready = vec![from_platform(SignalReceiver::Endpoint(endpoint), true, body)];
        let (app, speaker) = (grant.app.clone(), Speaker::Endpoint(endpoint));
        self.run(Say { app, conversation, speaker, ready }).await
    }
}
