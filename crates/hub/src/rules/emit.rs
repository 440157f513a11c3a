//! Writing events, each in the lane of its conversation or, without one, of its user.

use model::event::{EventDetail, EventType};
use model::record::{
    AppKey, ClientKey, ConversationKey, ConversationState, IntegrationKey, MessageKey, Press, UserKey,
};
use model::switchboard::Control;
use store::rows::events::{self, Event};
use store::rows::presses;
use store::{Ctx, Tx};

use crate::error::Result;

/// What an event says, before it has its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventDraft {
    /// The user it is about.
    pub user: UserKey,
    /// The message it is about; for others the newest message is taken.
    pub message: MessageKey,
    /// The client it is about; of a message of the business the one whom it is for.
    pub client: ClientKey,
    /// The integration through which a message of the business goes there.
    pub integration: IntegrationKey,
    /// What no living row keeps.
    pub detail: Option<EventDetail>,
}

/// What is told beside messages to who then reads on in the list of messages behind its moment: no message
/// may have the same one.
const AMONG_MESSAGES: [EventType; 5] = [
    EventType::ConversationPostback,
    EventType::ConversationRead,
    EventType::ConversationTyping,
    EventType::BusinessActivity,
    EventType::Signal,
];

/// Writes an event into a conversation's lane; a button that was pressed is kept for lists besides. The
/// caller saves `state` afterwards.
pub(crate) async fn in_conversation(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    app: AppKey,
    conversation: ConversationKey,
    state: &mut ConversationState,
    draft: EventDraft,
) -> Result<()> {
    let message = if draft.message == MessageKey(0) { state.last_message } else { draft.message };
    let at = match AMONG_MESSAGES.contains(&kind) {
        true => state.next_moment(ctx.now),
        false => ctx.now,
    };
    let event = Event {
        sequence: 0,
        id: ctx.id(),
        at,
        app,
        kind,
        conversation,
        user: draft.user,
        message,
        client: draft.client,
        control: state.control,
        previous: state.last_event,
        detail: draft.detail,
        integration: draft.integration,
    };
    state.last_event = events::insert(tx, &event).await?;
    if let Some(postback) = event.detail.and_then(|detail| detail.postback) {
        let press = Press { at, id: event.id, seat: state.control.active(), payload: postback.payload };
        presses::insert(tx, conversation, &press).await?;
    }
    Ok(())
}

/// Writes an event into a user's lane.
pub(crate) async fn in_user_lane(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    app: AppKey,
    draft: EventDraft,
) -> Result<()> {
    let event = Event {
        sequence: 0,
        id: ctx.id(),
        at: ctx.now,
        app,
        kind,
        conversation: ConversationKey(0),
        user: draft.user,
        message: MessageKey(0),
        client: draft.client,
        control: Control::default(),
        previous: events::newest_of_user(tx, draft.user).await?,
        detail: draft.detail,
        integration: IntegrationKey(0),
    };
    events::insert(tx, &event).await?;
    Ok(())
}
