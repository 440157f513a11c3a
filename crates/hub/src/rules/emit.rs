//! Writing events, each in the lane of its conversation or, without one, of its user.

use model::event::{EventDetail, EventType};
use model::record::{
    AppKey, ClientKey, Conversation, ConversationKey, IntegrationKey, MessageKey, Press, UserKey,
};
use model::switchboard::Control;
use store::rows::events::{self, Event};
use store::rows::{conversations, presses};
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
/// caller saves the conversation's state afterwards.
pub(crate) async fn in_conversation(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    conversation: &mut Conversation,
    draft: EventDraft,
) -> Result<()> {
    let Conversation { app, key, state, .. } = conversation;
    let message = if draft.message == MessageKey(0) { state.last_message } else { draft.message };
    let at = match AMONG_MESSAGES.contains(&kind) {
        true => state.next_moment(ctx.now),
        false => ctx.now,
    };
    let event = Event {
        sequence: 0,
        id: ctx.id(),
        at,
        app: *app,
        kind,
        conversation: *key,
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
        presses::insert(tx, *key, &press).await?;
    }
    Ok(())
}

/// The same, and saves the state.
pub(crate) async fn and_save(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    conversation: &mut Conversation,
    draft: EventDraft,
) -> Result<()> {
    in_conversation(tx, ctx, kind, conversation, draft).await?;
    Ok(conversations::save_state(tx, conversation.key, &conversation.state).await?)
}

/// Writes an event into the lane of a conversation that is still there or, without one, of its user: who
/// was told that a conversation is removed hears no more of it.
pub(crate) async fn in_lane_of(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    app: AppKey,
    conversation: Option<ConversationKey>,
    draft: EventDraft,
) -> Result<()> {
    let living = match conversation {
        Some(key) => conversations::living_by_key(tx, app, key).await?,
        None => None,
    };
    match living {
        Some(mut conversation) => and_save(tx, ctx, kind, &mut conversation, draft).await,
        None => in_user_lane(tx, ctx, kind, app, draft).await,
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_support::House;

    #[tokio::test]
    async fn who_was_told_that_a_conversation_is_removed_hears_no_more_of_it() {
        let house = House::open();
        let grant = house.app().await;
        let user = house.user(&grant, "ann").await;
        let id = house.conversation(&grant, &[]).await;
        let mut reader = house.hub.reader().await.unwrap();
        let key = conversations::by_id(&mut reader, grant.app.key, id).await.unwrap().unwrap().key;
        drop(reader);
        let (app, user) = (grant.app.key, user.key);
        let tell = || {
            house.write(move |tx, ctx| {
                let draft = EventDraft { user, ..EventDraft::default() };
                Box::pin(in_lane_of(tx, ctx, EventType::ClientUpdate, app, Some(key), draft))
            })
        };
        tell().await;
        house.hub.delete_conversation(&grant, id).await.unwrap();
        tell().await;
        let told = house.events_of(&[EventType::ClientUpdate]).await;
        let lanes: Vec<_> = told.iter().map(|event| event.conversation).collect();
        assert_eq!(lanes, [key, ConversationKey(0)]);
    }
}
