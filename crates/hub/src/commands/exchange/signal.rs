//! What is done or handed over in a conversation without being kept: reading, typing, signals.

use model::Id;
use model::event::{ActivityKind, EventDetail, EventType, Signal, SignalReceiver};
use model::masking::mask_value;
use model::record::{Conversation, ParticipantKey, UserKey};
use serde_json::Value;
use store::rows::participants;
use store::{Ctx, Tx};

use super::say::{Ready, ReadySignal, Said, Say, Speaker};
use crate::access::Grant;
use crate::error::Result;
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};
use crate::rules::notices;

/// What one side does or hands to the other.
#[derive(Clone, Debug)]
pub enum Signalled {
    /// It reads or types.
    Activity(ActivityKind),
    /// Something of its own, which the core only hands through.
    Own(Value),
}

/// A signal through an endpoint.
#[derive(Clone, Debug)]
pub struct SignalDraft {
    /// By whom.
    pub speaker: Speaker,
    /// What.
    pub signalled: Signalled,
    /// The speaker's own id of it.
    pub external_id: Option<String>,
}

/// Notes that somebody reads or types, and tells the other side.
pub(super) async fn act(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &mut Conversation,
    (author, through): (Option<(UserKey, ParticipantKey)>, Id),
    kind: ActivityKind,
    external_id: Option<String>,
) -> Result<()> {
    let (activity, sender) = (Some(kind), Some(through));
    let detail = EventDetail { activity, external_id, sender, ..EventDetail::default() };
    let event = match author {
        None => {
            if kind == ActivityKind::Read {
                conversation.state.business_read_at = Some(ctx.now);
            }
            EventType::BusinessActivity
        }
        Some((user, place)) if kind == ActivityKind::Read => {
            notices::read(tx, ctx, conversation, user).await?;
            participants::mark_read(tx, place, &conversation.state, ctx.now).await?;
            EventType::ConversationRead
        }
        Some(_) => EventType::ConversationTyping,
    };
    let user = author.map(|(user, _)| user).unwrap_or_default();
    tell(tx, ctx, conversation, event, user, detail).await
}

/// Hands a signal over.
pub(super) async fn hand_over(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &mut Conversation,
    sender: Option<Id>,
    ready: &ReadySignal,
) -> Result<()> {
    let detail = EventDetail {
        sender,
        external_id: ready.external_id.clone(),
        signal: Some(Box::new(ready.signal.clone())),
        ..EventDetail::default()
    };
    tell(tx, ctx, conversation, EventType::Signal, UserKey::default(), detail).await
}

async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &mut Conversation,
    kind: EventType,
    user: UserKey,
    detail: EventDetail,
) -> Result<()> {
    let draft = EventDraft { user, detail: Some(detail), ..EventDraft::default() };
    emit::in_conversation(tx, ctx, kind, conversation, draft).await
}

impl Hub {
    /// A signal, ready for the command.
    pub(super) fn ready_to_signal(
        &self,
        grant: &Grant,
        speaker: Speaker,
        signalled: Signalled,
        external_id: Option<String>,
    ) -> Ready {
        let mut body = match signalled {
            Signalled::Activity(kind) => return Ready::Activity(kind, external_id),
            Signalled::Own(body) => body,
        };
        let receiver = match speaker {
            Speaker::Endpoint(_) => SignalReceiver::Customer,
            _ => SignalReceiver::Business,
        };
        if grant.app.settings.mask_credit_card_numbers {
            mask_value(&mut body);
        }
        let signal = Signal { receiver, is_message: false, body };
        Ready::Signal(Box::new(ReadySignal { signal, by_platform: false, external_id }))
    }

    /// Tells the other side of a conversation what one side does, or hands it something, without keeping
    /// it. Durable when this returns.
    ///
    /// # Errors
    /// As of [`Hub::say`].
    pub async fn signal(&self, grant: &Grant, conversation: Id, draft: SignalDraft) -> Result<Said> {
        let SignalDraft { speaker, signalled, external_id } = draft;
        let ready = vec![self.ready_to_signal(grant, speaker, signalled, external_id)];
        self.run(Say { app: grant.app.clone(), conversation, speaker, ready }).await
    }
}
