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

fn from_platform(signal: Signal, external_id: Option<String>) -> Ready {
    Ready::Signal(Box::new(ReadySignal { signal, by_platform: true, external_id }))
}

/// Who asks for something that was prepared.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The agent's or bot's integration.
    pub endpoint: Id,
    /// Its own id of what it asks; everything that comes of it bears it.
    pub external_id: Option<String>,
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
        asker: Asker,
        reply: CannedReply,
        event: impl Fn(&Value) -> Signalled,
    ) -> Result<Said> {
        let Asker { endpoint, external_id } = asker;
        let speaker = Speaker::Endpoint(endpoint);
        let mut ready = Vec::with_capacity(reply.items.len());
        for Prepared { content, original, delivered } in reply.items {
            let said = delivered.unwrap_or(original);
            let is_message = reply.kind == ReplyKind::Message;
            ready.push(match (reply.receiver, content) {
                (Role::Agent, _) => {
                    let receiver = SignalReceiver::Endpoint(endpoint);
                    from_platform(Signal { receiver, is_message, body: said }, external_id.clone())
                }
                (_, Some(content)) => {
                    let (original, external_id) = (Some(said), external_id.clone());
                    let draft = SayDraft { speaker, content, original, external_id };
                    Ready::Message(Box::new(self.ready_to_say(&grant.app, draft).await?))
                }
                (_, None) => self.ready_to_signal(grant, speaker, event(&said), external_id.clone()),
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
        asker: Asker,
        body: Value,
    ) -> Result<Said> {
        let Asker { endpoint, external_id } = asker;
        let signal = Signal { receiver: SignalReceiver::Customer, is_message: false, body };
        let ready = vec![from_platform(signal, external_id)];
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
        asker: Asker,
        body: Value,
    ) -> Result<Said> {
        let Asker { endpoint, external_id } = asker;
        let signal = Signal { receiver: SignalReceiver::Endpoint(endpoint), is_message: true, body };
        let ready = vec![from_platform(signal, external_id)];
        let (app, speaker) = (grant.app.clone(), Speaker::Endpoint(endpoint));
        self.run(Say { app, conversation, speaker, ready }).await
    }
}
